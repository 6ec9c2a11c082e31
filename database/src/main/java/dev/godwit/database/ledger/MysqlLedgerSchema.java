package dev.godwit.database.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The ledger on MySQL: a database {@code _godwit} beside the user's. The epoch has a table of its own there, since MySQL has no lock that
 * holds the key of a row but not its other columns: so writers, which hold the epoch, and the moving consistent point do not wait for each other.
 */
final class MysqlLedgerSchema {
    private static final String OPTIONS =
            " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin ROW_FORMAT = DYNAMIC";

    private static final List<String> STATEMENTS = List.of(
            "CREATE DATABASE IF NOT EXISTS _godwit CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            """
            CREATE TABLE IF NOT EXISTS _godwit.domain (
              domain VARCHAR(190) NOT NULL PRIMARY KEY,
              consistent_point VARCHAR(500),
              committed_at DATETIME(6),
              watermark VARCHAR(190),
              restart_offsets LONGTEXT NOT NULL,
              changed_at DATETIME(6) NOT NULL)""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.direction (
              direction VARCHAR(190) NOT NULL PRIMARY KEY,
              mode VARCHAR(190) NOT NULL,
              domains LONGTEXT NOT NULL,
              changed_at DATETIME(6) NOT NULL)""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.captured_table (
              direction VARCHAR(190) NOT NULL,
              table_schema VARCHAR(190) NOT NULL,
              table_name VARCHAR(190) NOT NULL,
              domain VARCHAR(190) NOT NULL,
              definition LONGTEXT NOT NULL,
              version BIGINT NOT NULL,
              changed_at DATETIME(6) NOT NULL,
              PRIMARY KEY (direction, table_schema, table_name))""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.applied (
              domain VARCHAR(190) NOT NULL,
              last_position VARCHAR(500) NOT NULL,
              positions LONGTEXT NOT NULL,
              transactions BIGINT NOT NULL,
              rows_written BIGINT NOT NULL,
              PRIMARY KEY (domain, last_position))""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.watermark (
              domain VARCHAR(190) NOT NULL PRIMARY KEY,
              marker VARCHAR(190) NOT NULL,
              written_at DATETIME(6) NOT NULL)""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.dead_letter (
              domain VARCHAR(190) NOT NULL,
              transaction_position VARCHAR(500) NOT NULL,
              number BIGINT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              row_key LONGTEXT,
              reason TEXT NOT NULL,
              `sqlstate` TEXT,
              message LONGTEXT NOT NULL,
              depends_on TEXT,
              topic TEXT NOT NULL,
              partition_number BIGINT NOT NULL,
              record_offset BIGINT NOT NULL,
              committed_at DATETIME(6) NOT NULL,
              parked_at DATETIME(6) NOT NULL,
              replayed_at DATETIME(6),
              PRIMARY KEY (domain, transaction_position, number))""" + OPTIONS,
            """
            CREATE TABLE IF NOT EXISTS _godwit.domain_epoch (
              domain VARCHAR(190) NOT NULL PRIMARY KEY,
              epoch BIGINT NOT NULL)""" + OPTIONS);

    private MysqlLedgerSchema() {}

    /** Creates what is missing; writes nothing, not even into the binary log, where all is there. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (isThere(statement)) {
                return;
            }
            for (String sql : STATEMENTS) {
                statement.execute(sql);
            }
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "SELECT count(*) FROM information_schema.tables"
                        + " WHERE table_schema = '_godwit' AND table_name IN ('domain', 'direction', 'captured_table', 'applied', 'watermark', 'dead_letter', 'domain_epoch')")) {
            row.next();
            return row.getInt(1) == STATEMENTS.size() - 1;
        }
    }
}
