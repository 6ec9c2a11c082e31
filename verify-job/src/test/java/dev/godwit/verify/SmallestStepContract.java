package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * For each type pairs of values that differ by the smallest step, and pairs that look different and are equal, through real servers, on every way
 * of comparing: whatever the two databases are.
 */
abstract class SmallestStepContract {
    private final List<String> expectedMismatches = new ArrayList<>();
    private final List<String> sourceSql = new ArrayList<>();
    private final List<String> targetSql = new ArrayList<>();
    private int tables;
    private int rows;

    /** Says by {@link #type} which types there are. */
    abstract void types();

    /** The ways of comparing all tables, by their names. */
    abstract Map<String, Supplier<VerifyReport>> ways() throws SQLException;

    /** The two databases, empty. */
    abstract VerifyRequest request() throws SQLException;

    /** What stands before the names of tables. */
    abstract String schema();

    @Test
    void findsTheSmallestStepAndNothingElse() throws SQLException {
        types();
        VerifyRequest databases = request();
        execute(databases.source(), sourceSql);
        execute(databases.target(), targetSql);

        assertThat(tables).isGreaterThan(10);
        for (Map.Entry<String, Supplier<VerifyReport>> way : ways().entrySet()) {
            check(way.getKey(), way.getValue().get());
        }
    }

    private static void execute(Database database, List<String> statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void check(String way, VerifyReport report) {
        List<String> found = new ArrayList<>();
        for (TableReport table : report.tables()) {
            table.firstDifferences()
                    .forEach(difference -> found.add(table.table().name() + " " + difference));
        }
        assertThat(found).describedAs("%s", way).containsExactlyInAnyOrderElementsOf(expectedMismatches);
        assertThat(report.totals().success()).describedAs("%s", way).isEqualTo(rows - expectedMismatches.size());
        assertThat(report.structure()).isEmpty();
    }

    final void onSource(String sql) {
        sourceSql.add(sql);
    }

    final void onTarget(String sql) {
        targetSql.add(sql);
    }

    /** The same type on both sides. */
    final SmallestStepContract type(String both) {
        return type(both, both);
    }

    final SmallestStepContract type(String ours, String theirs) {
        tables++;
        onSource("CREATE TABLE " + schema() + "t" + tables + " (id INT PRIMARY KEY, v " + ours + ")");
        onTarget("CREATE TABLE " + schema() + "t" + tables + " (id INT PRIMARY KEY, v " + theirs + ")");
        return this;
    }

    final SmallestStepContract differ(String source, String target) {
        same(source, target);
        expectedMismatches.add("t" + tables + " mismatching row value {id=" + rows + "} in v");
        return this;
    }

    final SmallestStepContract same(String source, String target) {
        rows++;
        onSource("INSERT INTO " + schema() + "t" + tables + " VALUES (" + rows + ", " + literal(source) + ")");
        onTarget("INSERT INTO " + schema() + "t" + tables + " VALUES (" + rows + ", " + literal(target) + ")");
        return this;
    }

    private static String literal(String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }
}
