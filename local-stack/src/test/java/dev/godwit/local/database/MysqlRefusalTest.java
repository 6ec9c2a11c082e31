package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.mysql.MysqlServerCheck;
import dev.godwit.database.mysql.MysqlTablesCheck;
import dev.godwit.local.MysqlServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a MySQL source must be like: each thing that is not is named, and goes away by the statement that is said to mend it. */
@ExtendWith(SharedMysql.class)
class MysqlRefusalTest {
    private static List<MysqlProblem> problems(Database database) throws SQLException {
        try (Connection connection = database.open()) {
            boolean zeroDatesAreNull = database.url().zeroDatesAreNull();
            List<MysqlProblem> problems = new ArrayList<>(MysqlServerCheck.problems(connection, zeroDatesAreNull));
            problems.addAll(MysqlTablesCheck.problems(
                    connection, database.catalog(), List.of(new TableName("public", "item")), zeroDatesAreNull));
            return problems;
        }
    }

    /** The statements of a remedy: what ends with a semicolon. */
    private static List<String> statements(MysqlProblem problem) {
        List<String> statements = new ArrayList<>();
        for (String part : problem.remedy().split("(?<=;)")) {
            if (part.endsWith(";")) {
                statements.add(part.trim());
            }
        }
        return statements;
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "binlog_format, 'STATEMENT', binlog_format of the source is STATEMENT",
        "binlog_row_image, 'MINIMAL', binlog_row_image of the source is MINIMAL",
        "binlog_row_value_options, 'PARTIAL_JSON', updates of JSON columns are logged in part only",
        "binlog_transaction_compression, ON, compresses transactions",
        "binlog_expire_logs_seconds, 3600, removes its binary log after 3600 s",
        "sql_mode, 'STRICT_TRANS_TABLES', allows dates that no calendar has",
    })
    void aSettingThatLosesSomethingIsRefusedAndItsRemedyMendsIt(
            String setting, String bad, String message, MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(server, "CREATE TABLE item (id INT PRIMARY KEY)");
        assertThat(problems(database)).isEmpty();
        try {
            SharedServer.execute(
                    database, "SET GLOBAL " + setting + " = " + (bad.matches("[0-9]+|ON") ? bad : '\'' + bad + '\''));
            List<MysqlProblem> problems = problems(database);
            assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.message())
                    .contains(message));
            for (String statement : statements(problems.get(0))) {
                SharedServer.execute(database, statement);
            }
            assertThat(problems(database)).isEmpty();
        } finally {
            SharedServer.execute(
                    database, "RESET PERSIST IF EXISTS " + setting, "SET GLOBAL " + setting + " = DEFAULT");
        }
    }

    @Test
    void aServerWithoutGlobalTransactionIdsIsRefused(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(server, "CREATE TABLE item (id INT PRIMARY KEY)");
        try {
            SharedServer.execute(database, "SET GLOBAL gtid_mode = ON_PERMISSIVE");
            assertThat(problems(database)).singleElement().satisfies(problem -> {
                assertThat(problem.message()).contains("gtid_mode of the source is ON_PERMISSIVE");
                assertThat(problem.remedy()).contains("SET PERSIST gtid_mode");
            });
        } finally {
            SharedServer.execute(database, "SET GLOBAL gtid_mode = ON");
        }
    }

    @Test
    void zeroDatesMayBecomeNullWhereTheUserSaysSoAndTheColumnTakesIt(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server, "CREATE TABLE item (id INT PRIMARY KEY, born DATE, seen DATETIME NOT NULL)");
        Database mapped = Database.connect(
                "source",
                DatabaseUrl.parse("source", database.url().withPassword() + "?zeroDateTimeBehavior=CONVERT_TO_NULL"));
        try {
            SharedServer.execute(database, "SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE'");
            assertThat(problems(database)).singleElement().satisfies(problem -> assertThat(problem.remedy())
                    .contains("zeroDateTimeBehavior=CONVERT_TO_NULL"));
            assertThat(problems(mapped)).singleElement().satisfies(problem -> assertThat(problem.message())
                    .contains("\"seen\"", "NOT NULL"));
            SharedServer.execute(database, "ALTER TABLE item MODIFY seen DATETIME NULL");
            assertThat(problems(mapped)).isEmpty();
        } finally {
            SharedServer.execute(database, "SET GLOBAL sql_mode = DEFAULT");
        }
    }

    @Test
    void aReplicaIsRefused(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(server, "CREATE TABLE item (id INT PRIMARY KEY)");
        try {
            SharedServer.execute(database, "SET GLOBAL read_only = ON");
            assertThat(problems(database)).singleElement().satisfies(problem -> assertThat(problem.message())
                    .contains("read-only"));
        } finally {
            SharedServer.execute(database, "SET GLOBAL read_only = OFF");
        }
    }

    @Test
    void whatTheUserMayNotDoIsNamedWithTheGrantThatMendsIt(MysqlServer server) throws SQLException {
        Database admin = SharedMysql.database(
                server,
                "CREATE TABLE item (id INT PRIMARY KEY)",
                "CREATE USER 'mover'@'%' IDENTIFIED BY 'local-secret'",
                "CREATE DATABASE IF NOT EXISTS _godwit");
        String name = admin.url().database();
        SharedServer.execute(admin, "GRANT SELECT, UPDATE ON `" + name + "`.* TO 'mover'@'%'");
        Database mover = Database.connect(
                "source",
                DatabaseUrl.parse("source", "mysql://mover:local-secret@127.0.0.1:" + server.port() + "/" + name));

        List<MysqlProblem> problems = problems(mover);
        assertThat(problems)
                .extracting(MysqlProblem::message)
                .satisfiesExactly(
                        message -> assertThat(message).contains("REPLICATION SLAVE"),
                        message -> assertThat(message).contains("REPLICATION CLIENT"),
                        message -> assertThat(message).contains("_godwit"),
                        message -> assertThat(message).contains("public.item", "[INSERT, DELETE]"));
        for (MysqlProblem problem : problems) {
            for (String statement : statements(problem)) {
                SharedServer.execute(admin, statement);
            }
        }
        assertThat(problems(mover)).isEmpty();
    }

    @Test
    void tablesThatCannotBeBroughtBackAreRefused(MysqlServer server) throws SQLException {
        Database database = SharedMysql.database(
                server,
                "CREATE TABLE other (id INT PRIMARY KEY)",
                "CREATE TABLE item (id FLOAT PRIMARY KEY, other INT, place GEOMETRY, FOREIGN KEY (other) REFERENCES other (id) ON DELETE CASCADE)",
                "CREATE TRIGGER t BEFORE INSERT ON item FOR EACH ROW SET NEW.other = 1");
        assertThat(problems(database))
                .extracting(MysqlProblem::message)
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).contains("\"place\"", "does not carry"),
                        message -> assertThat(message).contains("\"id\"", "no statement can name exactly"),
                        message -> assertThat(message).contains("trigger"),
                        message -> assertThat(message).contains("does not log what it does"));
        Database engine = SharedMysql.database(server, "CREATE TABLE item (id INT PRIMARY KEY) ENGINE = MyISAM");
        assertThat(problems(engine)).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("MyISAM"));
    }
}
