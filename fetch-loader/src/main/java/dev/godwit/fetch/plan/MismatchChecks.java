package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.Mismatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a table of the source can be loaded into one of the target, by the rules of MOLT's public documentation: some differences stop a load, others are only told. It
 * stops for one more: a column of the target that must have a value and gets none.
 */
final class MismatchChecks {
    private final FetchRequest request;
    private final Problems problems;
    private final SourceChecks sourceChecks;
    private final Connection targetConnection;
    private Set<TableName> broken = new HashSet<>();

    MismatchChecks(FetchRequest request, Problems problems, SourceChecks source, Connection target) {
        this.request = request;
        this.problems = problems;
        this.sourceChecks = source;
        this.targetConnection = target;
    }

    /**
     * Returns the name of the source's table if something stops the load.
     *
     * @param source without the columns that are left out
     * @param target by the names of the source
     * @param realTarget by its own names
     */
    Set<TableName> check(Table source, MappedTable mapping, Table target, Table realTarget) throws SQLException {
        broken = new HashSet<>();
        TableFacts here = sourceChecks.facts(source.name());
        TableFacts there = TableFacts.read(targetConnection, mapping.target());
        checkKey(source, target, mapping, here, there);
        for (Column column : source.columns()) {
            Optional<Column> other = target.column(column.name());
            if (other.isPresent()) {
                checkColumn(source.name(), column, other.get());
            } else if (!column.hidden()) {
                stop(
                        "missing_target_column",
                        source.name(),
                        column.name(),
                        "missing on the target",
                        "add it there, or leave it out by a transformation");
            }
        }
        for (Column column : target.columns()) {
            if (!column.hidden()) {
                String realName = mapping.targetColumn(column.name());
                checkTargetColumn(source, column, there.defaults().contains(realName));
                warnOfConstraints(source, column.name(), here, there, realName);
            }
        }
        if (realTarget.uniqueKeys().size() > source.uniqueKeys().size()) {
            warn(
                    "unique",
                    source.name(),
                    "table " + source.name() + " has unique keys on the target that the source has not");
        }
        return broken;
    }

    private void checkKey(Table source, Table target, MappedTable mapping, TableFacts here, TableFacts there) {
        if (request.tableOptions().skipPrimaryKeyCheck()) {
            return;
        }
        if (!source.primaryKey().isEmpty() && !source.primaryKey().equals(target.primaryKey())) {
            stop(
                    "mismatching_primary_key",
                    source.name(),
                    null,
                    "primary key is (" + String.join(", ", source.primaryKey()) + ") on the source and ("
                            + String.join(", ", target.primaryKey()) + ") on the target",
                    "make the two the same, or load it in one piece with --skip-pk-check");
        }
        for (String column : source.primaryKey()) {
            String one = here.collations().get(column);
            String other = there.collations().get(mapping.targetColumn(column));
            if (target.column(column).isPresent() && !String.valueOf(one).equals(String.valueOf(other))) {
                stop(
                        "mismatching_collation",
                        source.name(),
                        column,
                        "collation is " + described(one) + " on the source and " + described(other) + " on the target",
                        "make the two the same");
            }
        }
    }

    private static String described(String collation) {
        return collation == null ? "the default" : "\"" + collation + "\"";
    }

    private void checkColumn(TableName table, Column source, Column target) {
        switch (TypeChecks.fit(target.type(), source.type())) {
            case SAME -> {}
            case AS_TEXT -> problems.add(TypeChecks.asText(table, source));
            case MAPPED ->
                warn(
                        "mapped_type",
                        table,
                        "column " + table + "." + source.name() + ": type is " + source.type() + " on the source and "
                                + target.type() + " on the target");
            case NONE ->
                stop(
                        "mismatching_type",
                        table,
                        source.name(),
                        "type is " + source.type() + " on the source and " + target.type() + " on the target",
                        "change one of the two so that the values of the source fit");
        }
        if (source.isWritable() != target.isWritable()) {
            stop(
                    "computed",
                    table,
                    source.name(),
                    "computed on the " + (source.isWritable() ? "target" : "source") + " only",
                    "leave it out by a transformation, or compute it on both sides");
        }
        if (source.nullable() && !target.nullable()) {
            stop(
                    "not_null",
                    table,
                    source.name(),
                    "may be NULL on the source but not on the target",
                    "let it be NULL on the target, or forbid NULL on the source");
        } else if (!source.nullable() && target.nullable()) {
            warn(
                    "not_null",
                    table,
                    "column " + table + "." + source.name() + ": may be NULL on the target but not on the source");
        }
    }

    private void checkTargetColumn(Table source, Column column, boolean hasDefault) {
        if (source.column(column.name()).isPresent()) {
            return;
        }
        boolean getsValue = column.nullable() || hasDefault || column.generation() != Column.Generation.NONE;
        if (getsValue) {
            warn(
                    "extra_target_column",
                    source.name(),
                    "column " + source.name() + "." + column.name() + ": missing on the source");
        } else {
            stop(
                    "extra_target_column",
                    source.name(),
                    column.name(),
                    "missing on the source, and NOT NULL without a default on the target",
                    "give it a default there, or let it be NULL");
        }
    }

    private void warnOfConstraints(Table source, String column, TableFacts here, TableFacts there, String realName) {
        String place = "column " + source.name() + "." + column;
        if (source.column(column).isEmpty()) {
            return;
        }
        if (there.defaults().contains(realName) && !here.defaults().contains(column)) {
            warn("default", source.name(), place + ": has a default on the target only");
        }
        if (there.checks().contains(realName) && !here.checks().contains(column)) {
            warn("check", source.name(), place + ": has a check on the target only");
        }
    }

    private void stop(String tag, TableName table, String column, String message, String remedy) {
        broken.add(table);
        String place = column == null ? "table " + table : "column " + table + "." + column;
        problems.add(new Mismatch(tag, table, place + ": " + message, remedy, true));
    }

    private void warn(String tag, TableName table, String message) {
        problems.add(new Mismatch(tag, table, message, "", false));
    }
}
