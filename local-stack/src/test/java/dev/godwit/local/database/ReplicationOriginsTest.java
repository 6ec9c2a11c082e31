package dev.godwit.local.database;

import static dev.godwit.local.database.SharedServer.column;
import static dev.godwit.local.database.SharedServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.origin.ReplicationOrigins;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class ReplicationOriginsTest {
    private static final ReplicationOrigins OURS = ReplicationOrigins.of("shop", "eu", "failback");

    @Test
    void aSlotWithoutOriginsLeavesOutWhatTheSessionsWriteAndNothingElse(PostgresServer server) throws Exception {
        Database database = SharedServer.database(
                server,
                "CREATE TABLE t (id INT PRIMARY KEY)",
                "CREATE PUBLICATION p FOR TABLE t",
                "SELECT pg_create_logical_replication_slot('without_origins', 'pgoutput')");
        try (HikariDataSource pool = database.with(OURS).writerPool("origins", 2);
                Connection one = pool.getConnection();
                Connection two = pool.getConnection()) {
            insert(one, 1);
            insert(two, 2);
            execute(database, "INSERT INTO t VALUES (3)");

            assertThat(column(
                            database,
                            "SELECT count(*) FROM pg_logical_slot_get_binary_changes('without_origins', NULL, NULL,"
                                    + " 'proto_version', '1', 'publication_names', 'p', 'origin', 'none')"
                                    + " WHERE get_byte(data, 0) = ascii('I')"))
                    .containsExactly("1");
            assertThat(names(database)).containsExactly("godwit:shop:eu:failback:1", "godwit:shop:eu:failback:2");
            assertThat(OURS.drop(database)).as("held by sessions").hasSize(2);
        }
        try (HikariDataSource pool = database.with(OURS).writerPool("origins", 1);
                Connection again = pool.getConnection()) {
            insert(again, 4);
            assertThat(names(database)).as("used again").hasSizeLessThanOrEqualTo(3);
        } finally {
            execute(database, "SELECT pg_drop_replication_slot('without_origins')");
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> OURS.drop(database).isEmpty());
        assertThat(names(database)).isEmpty();
    }

    @Test
    void aUserWithoutThePrivilegeIsRefusedWithTheStatementThatGivesIt(PostgresServer server) throws Exception {
        Database database =
                SharedServer.database(server, "DROP ROLE IF EXISTS plain", "CREATE ROLE plain LOGIN PASSWORD 'plain'");
        DatabaseUrl url =
                DatabaseUrl.parse("test", database.url().withPassword().replaceFirst("//[^@]*@", "//plain:plain@"));
        Database plain = Database.connect("source", url);

        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> OURS.requireWritable(plain, 1));

        assertThat(refused).hasMessageContaining("may not use replication origins");
        String grant = refused.remedy().replaceAll("^[^:]*: (GRANT.*); or leave .*$", "$1");
        execute(database, grant);
        assertThatCode(() -> OURS.requireWritable(plain, 1)).doesNotThrowAnyException();
        try (HikariDataSource pool = plain.with(OURS).writerPool("origins", 1);
                Connection session = pool.getConnection()) {
            assertThat(session.isValid(10)).isTrue();
            assertThat(names(database)).hasSize(1);
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> OURS.drop(database).isEmpty());
        execute(database, "DROP OWNED BY plain", "DROP ROLE plain");
    }

    @Test
    void aServerWithoutRoomForSoManyIsRefused(PostgresServer server) throws Exception {
        Database database = SharedServer.database(server);

        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> OURS.requireWritable(database, 1_000));

        assertThat(refused).hasMessageContaining("max_replication_slots").hasMessageContaining("needs 1000");
    }

    @Test
    void aSourceIntoWhichOthersReplicateIsRefused(PostgresServer server) throws Exception {
        Database database =
                SharedServer.database(server, "SELECT pg_replication_origin_create('godwit:shop:us:failback:1')");
        Database subscriber = SharedServer.database(
                server,
                "CREATE SUBSCRIPTION from_afar CONNECTION 'host=127.0.0.1 dbname=nowhere' PUBLICATION p WITH (connect = false)");
        try {
            assertThatCode(() -> ReplicationOrigins.requireReadable(database, "shop"))
                    .as("another phase of the migration, and a subscription of another database")
                    .doesNotThrowAnyException();
            assertThat(refusedToRead(subscriber, "shop")).hasMessageContaining("is itself a subscriber (from_afar)");
            assertThat(refusedToRead(database, "other"))
                    .hasMessageContaining("others have replication origins")
                    .hasMessageContaining("godwit:shop:us:failback:1");
        } finally {
            execute(
                    subscriber,
                    "ALTER SUBSCRIPTION from_afar SET (slot_name = NONE)",
                    "DROP SUBSCRIPTION from_afar",
                    "SELECT pg_replication_origin_drop('godwit:shop:us:failback:1')");
        }
    }

    private static RefusedException refusedToRead(Database database, String migration) {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> ReplicationOrigins.requireReadable(database, migration));
        assertThat(refused.remedy()).contains("leave apply.replication-origin");
        return refused;
    }

    private static void insert(Connection connection, int id) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t VALUES (" + id + ")");
        }
    }

    private static List<String> names(Database database) throws Exception {
        return column(
                database, "SELECT roname FROM pg_replication_origin WHERE roname LIKE 'godwit:shop:eu:%' ORDER BY 1");
    }
}
