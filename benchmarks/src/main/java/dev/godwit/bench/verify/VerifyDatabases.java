package dev.godwit.bench.verify;

import dev.godwit.bench.fetch.FetchWorkload;
import dev.godwit.bench.sql.BenchDatabases;
import dev.godwit.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** A source, and two targets: one equal to it, and one in which some rows differ. All on one server. */
final class VerifyDatabases implements AutoCloseable {
    private static final String SOURCE = "source";
    private static final String EQUAL = "equal";
    private static final String DIFFERING = "differing";

    private final BenchDatabases databases;
    private final Set<String> planted = new TreeSet<>();

    private VerifyDatabases(BenchDatabases databases) {
        this.databases = databases;
    }

    /** Makes the tables; takes a while. */
    static VerifyDatabases make(FetchWorkload workload, VerifySettings settings) throws SQLException {
        VerifyDatabases made = new VerifyDatabases(BenchDatabases.start(false));
        try {
            made.databases.create(SOURCE);
            long rows = settings.rows(workload);
            try (Connection connection = made.databases.open(SOURCE);
                    Statement statement = connection.createStatement()) {
                statement.execute(workload.createStatement());
                statement.execute(workload.fillStatement(rows));
                statement.execute("VACUUM ANALYZE");
            }
            made.databases.copy(SOURCE, EQUAL);
            made.databases.copy(SOURCE, DIFFERING);
            made.plant(workload, rows, new Random(settings.seed()), settings.differences());
            return made;
        } catch (SQLException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** In random rows, in turn: another value, a row less, a row more. */
    private void plant(FetchWorkload workload, long rows, Random random, int differences) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (Connection connection = databases.open(DIFFERING);
                Statement statement = connection.createStatement()) {
            while (ids.size() < differences) {
                long id = 1 + random.nextLong(rows);
                if (!ids.add(id)) {
                    continue;
                }
                switch (ids.size() % 3) {
                    case 0 -> {
                        statement.execute("DELETE FROM " + workload.table() + " WHERE id = " + id);
                        planted.add("missing " + id);
                    }
                    case 1 -> {
                        // The key of a row of the source becomes one that it does not have: one less, and one more.
                        statement.execute("UPDATE " + workload.table() + " SET id = " + -id + " WHERE id = " + id);
                        planted.add("missing " + id);
                        planted.add("extraneous " + -id);
                    }
                    default -> {
                        statement.execute(
                                "UPDATE " + workload.table() + " SET " + workload.change() + " WHERE id = " + id);
                        planted.add("mismatching " + id);
                    }
                }
            }
            statement.execute("VACUUM ANALYZE");
        }
    }

    /** What differs in the target that differs: kind and key. */
    Set<String> planted() {
        return Set.copyOf(planted);
    }

    DatabaseUrl source() {
        return databases.url(SOURCE);
    }

    DatabaseUrl target(boolean differing) {
        return databases.url(differing ? DIFFERING : EQUAL);
    }

    long pid() {
        return databases.pid();
    }

    @Override
    public void close() {
        databases.close();
    }
}
