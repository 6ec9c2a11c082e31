package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table of random columns and rows, the target's with differences planted in it, and what a comparison must find. */
final class RandomTable {
    private final String name;
    private final Random random;
    private final List<RandomValues> columns = new ArrayList<>();
    private final int keyColumns;
    private final Map<List<String>, String[]> sourceRows = new LinkedHashMap<>();
    private final List<String[]> targetRows = new ArrayList<>();
    private final Set<String> expected = new TreeSet<>();
    private int missing;
    private int mismatch;
    private int extraneous;

    RandomTable(String name, List<RandomValues> allTypes, Random random, double differenceRate) {
        this.name = name;
        this.random = random;
        List<RandomValues> keyTypes =
                allTypes.stream().filter(type -> type.mayBeKey).toList();
        keyColumns = 1 + random.nextInt(3);
        for (int i = 0; i < keyColumns; i++) {
            columns.add(keyTypes.get(random.nextInt(keyTypes.size())));
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            columns.add(allTypes.get(random.nextInt(allTypes.size())));
        }
        for (int i = rows(random); i > 0; i--) {
            String[] row = newRow();
            sourceRows.putIfAbsent(key(row), row);
        }
        plant(differenceRate);
    }

    private static int rows(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(1500);
            default -> random.nextInt(300);
        };
    }

    private void plant(double differenceRate) {
        for (String[] row : sourceRows.values()) {
            if (random.nextDouble() >= differenceRate) {
                targetRows.add(disguised(row));
            } else if (columns.size() > keyColumns && random.nextBoolean()) {
                targetRows.add(mismatching(row));
            } else {
                missing++;
                expected.add("missing row " + key(row));
            }
        }
        Set<List<String>> onTarget = targetRows.stream().map(this::key).collect(Collectors.toSet());
        for (int i = (int) (400 * differenceRate * random.nextDouble()); i > 0; i--) {
            String[] row = newRow();
            if (!sourceRows.containsKey(key(row)) && onTarget.add(key(row))) {
                targetRows.add(row);
                extraneous++;
                expected.add("extraneous row " + key(row));
            }
        }
    }

    private String[] mismatching(String[] row) {
        String[] changed = disguised(row);
        TreeSet<Integer> differing = new TreeSet<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            int column = keyColumns + random.nextInt(columns.size() - keyColumns);
            while (same(column, changed[column], row[column])) {
                changed[column] = valueOrNull(column);
            }
            differing.add(column);
        }
        mismatch++;
        expected.add("mismatching row value " + key(row) + " in "
                + differing.stream().map(column -> "c" + column).collect(Collectors.joining(",")));
        return changed;
    }

    private boolean same(int column, String left, String right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        return left.equals(right) || left.equals(columns.get(column).disguised(right));
    }

    private String[] newRow() {
        String[] row = new String[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = i < keyColumns ? columns.get(i).value(random) : valueOrNull(i);
        }
        return row;
    }

    private String valueOrNull(int column) {
        return random.nextInt(5) == 0 ? null : columns.get(column).value(random);
    }

    /** Equal by value, though perhaps not by text. */
    private String[] disguised(String[] row) {
        String[] disguised = row.clone();
        for (int i = keyColumns; i < row.length; i++) {
            if (row[i] != null && random.nextInt(3) == 0) {
                disguised[i] = columns.get(i).disguised(row[i]);
            }
        }
        return disguised;
    }

    private List<String> key(String[] row) {
        return Arrays.asList(row).subList(0, keyColumns);
    }

    String createSql(Function<RandomValues, String> typeName) {
        StringBuilder sql = new StringBuilder("CREATE TABLE s." + name + " (");
        for (int i = 0; i < columns.size(); i++) {
            sql.append("c")
                    .append(i)
                    .append(' ')
                    .append(typeName.apply(columns.get(i)))
                    .append(", ");
        }
        sql.append("PRIMARY KEY (");
        for (int i = 0; i < keyColumns; i++) {
            sql.append(i == 0 ? "c" : ", c").append(i);
        }
        return sql.append("));").toString();
    }

    void fillSource(Database source, Catalog catalog, Connection connection) throws SQLException {
        fill(source, catalog, connection, new ArrayList<>(sourceRows.values()));
    }

    void fillTarget(Database target, Catalog catalog, Connection connection) throws SQLException {
        fill(target, catalog, connection, targetRows);
    }

    private void fill(Database database, Catalog catalog, Connection connection, List<String[]> rows)
            throws SQLException {
        Table table = catalog.table(TwoDatabases.table(name)).orElseThrow();
        database.dialect().upsert(table, table.columns()).execute(connection, rows);
    }

    String name() {
        return name;
    }

    /** One text per planted difference. */
    Set<String> expected() {
        return expected;
    }

    RowCounts expectedCounts() {
        int all = sourceRows.size();
        return new RowCounts(all, all - missing - mismatch, 0, missing, mismatch, extraneous, 0);
    }

    @Override
    public String toString() {
        return name + columns + " key " + keyColumns;
    }
}
