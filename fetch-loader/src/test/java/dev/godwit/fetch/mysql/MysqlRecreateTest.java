package dev.godwit.fetch.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.MysqlEnvironment;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.schema.TypeMapFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The target's tables made from MySQL's, and what is left out run afterwards. */
class MysqlRecreateTest {
    @TempDir
    private Path directory;

    private static Database source(String... statements) throws SQLException {
        Database source = new MysqlEnvironment().create().source;
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return source;
    }

    private FetchRequest request(Database source, TestDatabases databases, TypeMapFile typeMap, String... tables) {
        return FetchRequest.builder(source, databases.target)
                .slices(List.of(tables).stream()
                        .map(table -> new TableSlice(new TableName("public", table), Optional.empty()))
                        .toList())
                .tableOptions(new TableOptions(
                        TableHandling.DROP_ON_TARGET_AND_RECREATE,
                        typeMap,
                        Optional.of(directory.resolve("left-out.sql")),
                        false,
                        TableOptions.Purpose.REPLICATION,
                        TableOptions.Sequences.NONE))
                .build();
    }

    @Test
    void tablesAreMadeLoadedAndFinishedByTheFile() throws Exception {
        Database source = source(
                "CREATE TABLE customer (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL DEFAULT 'it''s',"
                        + " mood ENUM('ok','c,d') NOT NULL DEFAULT 'ok', balance DECIMAL(12,2) DEFAULT 1.50, seen TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3),"
                        + " raw VARBINARY(9), doc JSON, UNIQUE KEY by_name (name), KEY by_mood (mood, balance), KEY part (name(3)), CHECK (balance > 0))",
                "CREATE TABLE purchase (customer INT UNSIGNED, no BIGINT UNSIGNED, note TEXT, PRIMARY KEY (customer, no),"
                        + " CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customer (id))",
                "INSERT INTO customer (id, name, raw, doc) VALUES (7, 'a', x'00ff', '{}'), (4000000000, 'b', NULL, NULL)",
                "INSERT INTO purchase VALUES (7, 18446744073709551615, 'n')");
        TestDatabases databases = TestDatabases.create();
        databases.onTarget("CREATE TABLE purchase (old int)");

        FetchJob.run(request(source, databases, TypeMapFile.NONE, "customer", "purchase"), new FetchListener() {});
        String leftOut = Files.readString(directory.resolve("left-out.sql"));
        databases.onTarget(leftOut);

        assertThat(TestDatabases.rows(
                        databases.target, "SELECT id, name, mood::text, balance, raw, doc FROM customer ORDER BY id"))
                .containsExactly("7|a|ok|1.50|\\x00ff|{}", "4000000000|b|ok|1.50|null|null");
        assertThat(TestDatabases.rows(databases.target, "SELECT * FROM purchase"))
                .containsExactly("7|18446744073709551615|n");
        assertThat(
                        TestDatabases.rows(
                                databases.target,
                                "INSERT INTO customer DEFAULT VALUES RETURNING id, name, mood::text, balance, seen IS NOT NULL"))
                .containsExactly("4000000001|it's|ok|1.50|t");
        assertThatThrownBy(() -> databases.onTarget("INSERT INTO customer (name) VALUES ('a')"))
                .hasMessageContaining("customer_by_name");
        assertThatThrownBy(() -> databases.onTarget("INSERT INTO purchase VALUES (8, 1, '')"))
                .hasMessageContaining("of_customer");
        assertThat(TestDatabases.rows(
                        databases.target, "SELECT indexdef FROM pg_indexes WHERE indexname = 'customer_by_mood'"))
                .singleElement()
                .asString()
                .contains("(mood, balance)");
        assertThat(leftOut).contains("-- index part of", "-- check ");
        // Again, over tables that are there.
        FetchJob.run(request(source, databases, TypeMapFile.NONE, "customer", "purchase"), new FetchListener() {});
        assertThat(TestDatabases.rows(databases.target, "SELECT count(*) FROM customer"))
                .containsExactly("2");
    }

    @Test
    void aTypeMapFileDecidesTheTypes() throws Exception {
        Database source =
                source("CREATE TABLE t (id INT PRIMARY KEY, mood ENUM('ok'))", "INSERT INTO t VALUES (1, 'ok')");
        Path file = Files.writeString(
                directory.resolve("types.json"),
                "[{\"table\": \"public.t\", \"column_type_map\": [{\"column\": \"mood\", \"source_type\": \"enum\", \"crdb_type\": \"TEXT\"}]}]");
        TestDatabases databases = TestDatabases.create();

        FetchJob.run(request(source, databases, TypeMapFile.read(file), "t"), new FetchListener() {});

        assertThat(TestDatabases.rows(databases.target, "SELECT mood, pg_typeof(mood) FROM t"))
                .containsExactly("ok|text");
    }

    @Test
    void computedColumnsAndForeignKeysFromOutsideAreRefusedBeforeAnythingIsDropped() throws Exception {
        Database source = source(
                "CREATE TABLE t (id INT PRIMARY KEY, twice INT AS (id * 2) STORED)", "INSERT INTO t (id) VALUES (1)");
        TestDatabases databases = TestDatabases.create();
        databases.onTarget(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE TABLE outside (id int PRIMARY KEY, t int REFERENCES t)",
                "INSERT INTO t VALUES (9)");

        assertThatThrownBy(
                        () -> FetchJob.run(request(source, databases, TypeMapFile.NONE, "t"), new FetchListener() {}))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"twice\"")
                .hasMessageContaining("public.outside");
        assertThat(TestDatabases.rows(databases.target, "SELECT id FROM t")).containsExactly("9");
    }
}
