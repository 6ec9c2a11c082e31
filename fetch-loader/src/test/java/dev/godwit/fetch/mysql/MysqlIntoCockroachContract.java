package dev.godwit.fetch.mysql;

import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.type.TypeKind;
import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.MysqlEnvironment;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.schema.TypeMapFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a CockroachDB made from MySQL's, finished by what was left out, emptied and loaded again. */
abstract class MysqlIntoCockroachContract {
    @TempDir
    private Path directory;

    /** With the target as Godwit sees it. */
    private TestDatabases databases;

    private CockroachCluster cluster;

    /** @param mysql whose target the stand-in may use */
    abstract CockroachCluster cluster(TestDatabases mysql);

    @BeforeEach
    final void start() throws SQLException {
        TestDatabases mysql = new MysqlEnvironment().create();
        cluster = cluster(mysql);
        databases = mysql.into(cluster.asGodwitSeesIt());
        databases.onSource(
                "CREATE TABLE customer (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40) NOT NULL DEFAULT 'it''s',"
                        + " mood ENUM('ok','c,d') NOT NULL DEFAULT 'ok', balance DECIMAL(12,2) DEFAULT 1.50, seen TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP(3),"
                        + " raw VARBINARY(9), doc JSON, flag TINYINT(1), bits BIT(3), at DATETIME(6), d DATE, t TIME(3), note LONGTEXT, small SMALLINT,"
                        + " ratio DOUBLE, UNIQUE KEY by_name (name), KEY by_mood (mood, balance))",
                "CREATE TABLE purchase (customer INT UNSIGNED, no BIGINT UNSIGNED, PRIMARY KEY (customer, no),"
                        + " CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customer (id))",
                "INSERT INTO customer (id, name, raw, doc, flag, bits, at, d, note, small, ratio) VALUES (7, 'a', x'00ff', '{\"a\": 1}', 1, b'101',"
                        + " '2024-01-02 03:04:05.123456', '2024-02-29', 'x\\ty\\\\N', -5, 0.1), (4000000000, 'b', NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL)",
                "INSERT INTO purchase VALUES (7, 18446744073709551615)");
    }

    @AfterEach
    final void stop() throws SQLException {
        if (cluster != null) {
            cluster.close();
        }
    }

    private void load(TableHandling handling, TableOptions.Sequences sequences) {
        FetchJob.run(
                FetchRequest.builder(databases.source, databases.target)
                        .slices(List.of("customer", "purchase").stream()
                                .map(table -> new TableSlice(new TableName("public", table), Optional.empty()))
                                .toList())
                        .tableOptions(new TableOptions(
                                handling,
                                TypeMapFile.NONE,
                                handling == TableHandling.DROP_ON_TARGET_AND_RECREATE
                                        ? Optional.of(directory.resolve("left-out.sql"))
                                        : Optional.empty(),
                                false,
                                TableOptions.Purpose.REPLICATION,
                                sequences))
                        .build(),
                new FetchListener() {});
    }

    @Test
    void tablesAreMadeLoadedFinishedByTheFileAndLoadedAgain() throws Exception {
        databases.onTarget("CREATE TABLE purchase (old int)");
        load(TableHandling.DROP_ON_TARGET_AND_RECREATE, TableOptions.Sequences.NONE);

        Table customer = databases
                .target
                .catalog()
                .table(LoadEnvironment.table("customer"))
                .orElseThrow();
        Map.of(
                        "id",
                        TypeKind.INTEGER,
                        "name",
                        TypeKind.TEXT,
                        "mood",
                        TypeKind.ENUM,
                        "balance",
                        TypeKind.DECIMAL,
                        "raw",
                        TypeKind.BYTES,
                        "doc",
                        TypeKind.JSONB,
                        "seen",
                        TypeKind.TIMESTAMPTZ,
                        "note",
                        TypeKind.TEXT,
                        "ratio",
                        TypeKind.FLOAT8,
                        "d",
                        TypeKind.DATE)
                .forEach((column, kind) -> assertThat(
                                customer.requireColumn(column).type().kind())
                        .as(column)
                        .isEqualTo(kind));
        theRowsAreThere();

        databases.onTarget(Files.readAllLines(directory.resolve("left-out.sql")).stream()
                .filter(line -> !line.startsWith("--"))
                .toArray(String[]::new));
        assertThat(rows(
                        databases.target,
                        "INSERT INTO customer (note) VALUES ('') RETURNING id, name, mood, balance, seen IS NOT NULL"))
                .containsExactly("4000000001|it's|ok|1.50|t");
        refuses("23505", "INSERT INTO customer (name) VALUES ('a')");
        refuses("23503", "INSERT INTO purchase VALUES (8, 1)");

        load(TableHandling.TRUNCATE_IF_EXISTS, TableOptions.Sequences.SET);
        theRowsAreThere();
        assertThat(rows(databases.target, "INSERT INTO customer (name) VALUES ('new') RETURNING id"))
                .containsExactly("4000000001");

        load(TableHandling.DROP_ON_TARGET_AND_RECREATE, TableOptions.Sequences.NONE);
        theRowsAreThere();
    }

    private void theRowsAreThere() throws SQLException {
        assertThat(
                        rows(
                                databases.target,
                                "SELECT id, name, mood, balance, encode(raw, 'hex'), doc, flag, bits, at, d, note, small, ratio FROM customer ORDER BY id"))
                .containsExactly(
                        "7|a|ok|1.50|00ff|{\"a\": 1}|1|101|2024-01-02 03:04:05.123456|2024-02-29|x\ty\\N|-5|0.1",
                        "4000000000|b|ok|1.50|null|null|null|null|null|null||null|null");
        assertThat(rows(databases.target, "SELECT * FROM purchase")).containsExactly("7|18446744073709551615");
    }

    private void refuses(String state, String sql) {
        assertThatThrownBy(() -> databases.onTarget(sql))
                .as(sql)
                .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                        .as(refusal.getMessage())
                        .isEqualTo(state));
    }
}
