package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Random tables with random differences: exactly those are found. The source orders texts by a locale, the target by code point. */
@ExtendWith(TwoDatabases.class)
abstract class RandomDifferencesContract {
    /** More of them: {@code -Dgodwit.rounds=500}. */
    private static final int ROUNDS = Integer.getInteger("godwit.rounds", 5);

    private static final int TABLES_PER_ROUND = 40;
    private static final List<Double> DIFFERENCE_RATES = List.of(0.0, 0.005, 0.01, 0.1, 0.7, 1.0);

    private final Map<String, List<String>> firstOrder = new ConcurrentHashMap<>();

    abstract Database target();

    abstract List<RandomValues> types();

    abstract String typeName(RandomValues type);

    abstract VerifyReport verify(Ways way, VerifyListener listener);

    @Test
    void findsExactlyThePlantedDifferences() throws SQLException {
        long first = Long.getLong("godwit.seed", System.nanoTime());
        long planted = 0;
        for (long seed = first; seed < first + ROUNDS; seed++) {
            planted += round(seed);
        }
        assertThat(planted).describedAs("-Dgodwit.seed=%d", first).isGreaterThan(500L * ROUNDS);
    }

    /** @return how many differences there were */
    private int round(long seed) throws SQLException {
        Random random = new Random(seed);
        for (Database side : List.of(TwoDatabases.source(), target())) {
            execute(side, List.of("DROP SCHEMA IF EXISTS s CASCADE", "CREATE SCHEMA s"));
        }
        // In another order on either side: neither may be the order of rows.
        TwoDatabases.source("CREATE TYPE s.mood AS ENUM ('zebra', 'Ant', 'ant', 'mole', '\u00e9tude')");
        execute(target(), List.of("CREATE TYPE s.mood AS ENUM ('\u00e9tude', 'mole', 'ant', 'Ant', 'zebra')"));
        List<RandomTable> tables = new ArrayList<>();
        for (int i = 0; i < TABLES_PER_ROUND; i++) {
            double rate = DIFFERENCE_RATES.get(random.nextInt(DIFFERENCE_RATES.size()));
            RandomTable table = new RandomTable("t" + i, types(), random, rate);
            tables.add(table);
        }
        createTables(TwoDatabases.source(), tables, type -> type.sqlType);
        createTables(target(), tables, this::typeName);
        Catalog ofSource = TwoDatabases.source().catalog();
        Catalog ofTarget = target().catalog();
        try (Connection source = TwoDatabases.source().open();
                Connection target = target().open()) {
            for (RandomTable table : tables) {
                table.fillSource(TwoDatabases.source(), ofSource, source);
                table.fillTarget(target(), ofTarget, target);
            }
        }
        for (Ways way : Ways.values()) {
            compare(way, seed, tables);
        }
        return tables.stream().mapToInt(table -> table.expected().size()).sum();
    }

    private void createTables(Database database, List<RandomTable> tables, Function<RandomValues, String> typeName)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        if (types().contains(RandomValues.COMPOSITE)) {
            statements.add("CREATE TYPE s.pair AS (a int, b int)");
        }
        tables.forEach(table -> statements.add(table.createSql(typeName)));
        execute(database, statements);
    }

    /** One by one: CockroachDB does not take a name that the same transaction has dropped. */
    private static void execute(Database database, List<String> statements) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void compare(Ways way, long seed, List<RandomTable> tables) {
        Map<TableName, Set<String>> found = new ConcurrentHashMap<>();
        Map<TableName, List<String>> inOrder = new ConcurrentHashMap<>();

        VerifyReport report = verify(way, new VerifyListener() {
            @Override
            public void rowDiffers(TableName table, RowDifference difference) {
                String text = difference.kind().words() + " "
                        + new ArrayList<>(difference.key().values())
                        + (difference.columns().isEmpty() ? "" : " in " + String.join(",", difference.columnNames()));
                boolean isNew = found.computeIfAbsent(table, name -> new ConcurrentSkipListSet<>())
                        .add(text);
                assertThat(isNew).isTrue();
                inOrder.computeIfAbsent(table, name -> new ArrayList<>()).add(text);
            }
        });

        for (RandomTable table : tables) {
            TableName name = TwoDatabases.table(table.name());
            assertThat(found.getOrDefault(name, Set.of()))
                    .describedAs("-Dgodwit.seed=%d, %s, %s", seed, way, table)
                    .isEqualTo(table.expected());
            assertThat(report.tables())
                    .filteredOn(one -> one.table().equals(name))
                    .singleElement()
                    .extracting(TableReport::counts)
                    .describedAs("-Dgodwit.seed=%d, %s, %s", seed, way, table)
                    .isEqualTo(table.expectedCounts());
            List<String> order = inOrder.getOrDefault(name, List.of());
            assertThat(order)
                    .describedAs("-Dgodwit.seed=%d, %s, %s: as the first way told them", seed, way, table)
                    .isEqualTo(firstOrder.computeIfAbsent(seed + " " + name, key -> order));
        }
    }
}
