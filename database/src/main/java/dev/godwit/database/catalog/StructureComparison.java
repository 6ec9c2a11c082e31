package dev.godwit.database.catalog;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the structure of tables on both sides: whatever would lose or change a value on the way from one to the other is a
 * difference. Tables must have the same names, the same primary key, and the same columns, the order of columns aside; a target type may be
 * wider than the source's.
 */
public final class StructureComparison {
    private final Catalog target;
    private final List<StructureDifference> differences = new ArrayList<>();

    private StructureComparison(Catalog target) {
        this.target = target;
    }

    /** @return all differences; empty if the tables fit */
    public static List<StructureDifference> compare(List<Table> sourceTables, Catalog target) {
        StructureComparison comparison = new StructureComparison(target);
        sourceTables.forEach(comparison::compare);
        return List.copyOf(comparison.differences);
    }

    private void compare(Table source) {
        Optional<Table> found = target.table(source.name());
        if (found.isEmpty()) {
            differences.add(new StructureDifference(source.name(), null, "missing on the target"));
            return;
        }
        Table targetTable = found.get();
        if (!source.primaryKey().equals(targetTable.primaryKey())) {
            differences.add(new StructureDifference(
                    source.name(),
                    null,
                    "primary key is (" + String.join(", ", source.primaryKey()) + ") on the source and ("
                            + String.join(", ", targetTable.primaryKey()) + ") on the target"));
        }
        for (Column column : source.columns()) {
            compare(source.name(), column, targetTable.column(column.name()).orElse(null));
        }
        for (Column column : targetTable.columns()) {
            if (!column.hidden() && source.column(column.name()).isEmpty()) {
                differences.add(new StructureDifference(source.name(), column.name(), "missing on the source"));
            }
        }
    }

    private void compare(TableName table, Column source, Column target) {
        if (target == null) {
            differences.add(new StructureDifference(table, source.name(), "missing on the target"));
            return;
        }
        if (!source.type().isSupported()) {
            differences.add(new StructureDifference(
                    table, source.name(), "type " + source.type() + " is not carried by this version"));
        } else if (!holds(target.type(), source.type())) {
            differences.add(new StructureDifference(
                    table,
                    source.name(),
                    "type is " + source.type() + " on the source and " + target.type() + " on the target"));
        }
        if (source.isWritable() != target.isWritable()) {
            differences.add(new StructureDifference(
                    table, source.name(), "computed on the " + (source.isWritable() ? "target" : "source") + " only"));
        }
        if (source.nullable() && !target.nullable()) {
            differences.add(
                    new StructureDifference(table, source.name(), "may be NULL on the source but not on the target"));
        }
    }

    /** Whether every value of {@code source} has an equal value in {@code target}. */
    static boolean holds(ColumnType target, ColumnType source) {
        if (target.kind() != source.kind()) {
            boolean json = source.kind() == TypeKind.JSON && target.kind() == TypeKind.JSONB;
            return json || (source.kind() == TypeKind.FLOAT4 && target.kind() == TypeKind.FLOAT8);
        }
        return switch (source.kind()) {
            case INTEGER -> width(target) >= width(source);
            case ARRAY -> holds(target.element(), source.element());
            case DECIMAL ->
                target.modifier() == -1
                        || (source.modifier() != -1
                                && scale(target) >= scale(source)
                                && precision(target) - scale(target) >= precision(source) - scale(source));
            case BIT, CHAR -> target.modifier() == source.modifier();
            case ENUM, OTHER -> baseName(target).equals(baseName(source));
            default -> target.modifier() == -1 || (source.modifier() != -1 && target.modifier() >= source.modifier());
        };
    }

    private static int width(ColumnType type) {
        return switch (type.castName()) {
            case "int2" -> 2;
            case "int4" -> 4;
            default -> 8;
        };
    }

    /** PostgreSQL packs precision and scale as {@code ((precision << 16) | scale) + 4}, with an 11-bit signed scale. */
    private static int precision(ColumnType type) {
        return ((type.modifier() - 4) >> 16) & 0xffff;
    }

    private static int scale(ColumnType type) {
        return (((type.modifier() - 4) & 0x7ff) ^ 1024) - 1024;
    }

    /** Enums of the two sides may live in schemas of different names. */
    private static String baseName(ColumnType type) {
        return type.name().substring(type.name().lastIndexOf('.') + 1);
    }
}
