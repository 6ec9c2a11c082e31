package dev.godwit.database.ledger;

import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * The one small schema that Godwit keeps beside the data, in both databases: {@code _godwit}.
 *
 * <table>
 * <caption>tables</caption>
 * <tr><td>{@code domain}</td><td>on a replication target: per ordering domain the epoch, the consistent point and the restart offsets</td></tr>
 * <tr><td>{@code direction}</td><td>on a replication target: per phase and direction, the mode it is applied in and its ordering domains</td></tr>
 * <tr><td>{@code captured_table}</td><td>on a replication target: per direction and table, the ordering domain, and the key and the columns of the
 *     replication source that it was last applied with</td></tr>
 * <tr><td>{@code applied}</td><td>on a replication target: one row per target transaction, written in that transaction. It is the proof that the
 *     transaction is in, and the mark by which the opposite direction knows it for an echo.</td></tr>
 * <tr><td>{@code watermark}</td><td>on a replication source: the marker rows of drains and heartbeats, which travel with the changes</td></tr>
 * <tr><td>{@code changefeed}</td><td>on a CockroachDB: per direction the job of its changefeed</td></tr>
 * <tr><td>{@code dead_letter}</td><td>on a replication target: one row per change that was put aside instead of being applied</td></tr>
 * <tr><td>{@code fetch}, {@code fetch_table}, {@code fetch_shard}, {@code fetch_file}</td><td>on the target of a bulk load: how far it has come, so that
 *     it can be continued; a shard's or a file's row changes in the transaction that brings its rows</td></tr>
 * <tr><td>{@code phase_step}</td><td>on the target of the migration: state and evidence of the twelve steps</td></tr>
 * </table>
 */
public final class LedgerSchema {
    /** The name of the schema. */
    public static final String SCHEMA = "_godwit";
    /** {@code _godwit.domain}. */
    public static final TableName DOMAIN = new TableName(SCHEMA, "domain");
    /** {@code _godwit.applied}. */
    public static final TableName APPLIED = new TableName(SCHEMA, "applied");
    /** {@code _godwit.watermark}. */
    public static final TableName WATERMARK = new TableName(SCHEMA, "watermark");
    /** {@code _godwit.changefeed}. */
    public static final TableName CHANGEFEED = new TableName(SCHEMA, "changefeed");
    /** {@code _godwit.phase_step}. */
    public static final TableName PHASE_STEP = new TableName(SCHEMA, "phase_step");

    /** The tables that travel with the data: every publication and changefeed of Godwit carries them. */
    public static final List<TableName> CAPTURED = List.of(APPLIED, WATERMARK);

    private static final List<String> STATEMENTS = List.of(
            "CREATE SCHEMA IF NOT EXISTS _godwit",
            // UNIQUE (domain, epoch) makes the epoch a key column: a new owner who raises it then waits for, and is
            // seen by, every writer that holds FOR KEY SHARE, while the consistent point can move without disturbing
            // them.
            """
            CREATE TABLE IF NOT EXISTS _godwit.domain (
              domain TEXT PRIMARY KEY,
              epoch BIGINT NOT NULL,
              consistent_point TEXT,
              committed_at TIMESTAMPTZ,
              watermark TEXT,
              restart_offsets TEXT NOT NULL,
              changed_at TIMESTAMPTZ NOT NULL,
              UNIQUE (domain, epoch))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.direction (
              direction TEXT PRIMARY KEY,
              mode TEXT NOT NULL,
              domains TEXT NOT NULL,
              changed_at TIMESTAMPTZ NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.captured_table (
              direction TEXT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              domain TEXT NOT NULL,
              definition TEXT NOT NULL,
              version BIGINT NOT NULL,
              changed_at TIMESTAMPTZ NOT NULL,
              PRIMARY KEY (direction, table_schema, table_name))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.applied (
              domain TEXT NOT NULL,
              last_position TEXT NOT NULL,
              positions TEXT NOT NULL,
              transactions BIGINT NOT NULL,
              rows_written BIGINT NOT NULL,
              PRIMARY KEY (domain, last_position))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.watermark (
              domain TEXT PRIMARY KEY,
              marker TEXT NOT NULL,
              written_at TIMESTAMPTZ NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.changefeed (
              direction TEXT PRIMARY KEY,
              job BIGINT NOT NULL,
              noted_at TIMESTAMPTZ NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.dead_letter (
              domain TEXT NOT NULL,
              transaction_position TEXT NOT NULL,
              number BIGINT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              row_key TEXT,
              reason TEXT NOT NULL,
              sqlstate TEXT,
              message TEXT NOT NULL,
              depends_on TEXT,
              topic TEXT NOT NULL,
              partition_number BIGINT NOT NULL,
              record_offset BIGINT NOT NULL,
              committed_at TIMESTAMPTZ NOT NULL,
              parked_at TIMESTAMPTZ NOT NULL,
              replayed_at TIMESTAMPTZ,
              PRIMARY KEY (domain, transaction_position, number))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.fetch (
              fetch_id TEXT PRIMARY KEY,
              state TEXT NOT NULL,
              way TEXT NOT NULL,
              plan TEXT NOT NULL,
              cdc_cursor TEXT NOT NULL,
              snapshot TEXT,
              url_secret TEXT NOT NULL,
              target_prepared BOOLEAN NOT NULL,
              started_at TIMESTAMPTZ NOT NULL,
              changed_at TIMESTAMPTZ NOT NULL)""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.fetch_table (
              fetch_id TEXT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              token TEXT NOT NULL,
              state TEXT NOT NULL,
              row_count BIGINT,
              message TEXT,
              changed_at TIMESTAMPTZ NOT NULL,
              PRIMARY KEY (fetch_id, table_schema, table_name))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.fetch_shard (
              fetch_id TEXT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              number BIGINT NOT NULL,
              condition TEXT NOT NULL,
              state TEXT NOT NULL,
              row_count BIGINT,
              byte_count BIGINT,
              PRIMARY KEY (fetch_id, table_schema, table_name, number))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.fetch_file (
              fetch_id TEXT NOT NULL,
              file TEXT NOT NULL,
              table_schema TEXT NOT NULL,
              table_name TEXT NOT NULL,
              state TEXT NOT NULL,
              row_count BIGINT NOT NULL,
              byte_count BIGINT NOT NULL,
              sha256 TEXT NOT NULL,
              largest_row BIGINT NOT NULL,
              job BIGINT,
              PRIMARY KEY (fetch_id, file))""",
            """
            CREATE TABLE IF NOT EXISTS _godwit.phase_step (
              phase TEXT NOT NULL,
              step INT NOT NULL,
              state TEXT NOT NULL,
              evidence TEXT NOT NULL,
              started_at TIMESTAMPTZ NOT NULL,
              ended_at TIMESTAMPTZ,
              PRIMARY KEY (phase, step))""");

    private static final String FAMILIES = """
              FAMILY ownership (domain, epoch),
              FAMILY progress (consistent_point, committed_at, watermark, restart_offsets, changed_at))""";

    /** Unique violation in a catalog; schema, table or type is there already; serialization failure. */
    private static final Set<String> LOST_RACE = Set.of("23505", "42P06", "42P07", "42710", "40001");

    private static final int ATTEMPTS_MAX = 10;

    private LedgerSchema() {}

    /**
     * Creates what is missing. May run any number of times, also from several processes at once. The connection must be in auto-commit mode.
     */
    public static void create(Connection connection) throws SQLException {
        if (connection.getMetaData().getURL().startsWith("jdbc:mysql:")) {
            MysqlLedgerSchema.create(connection);
            return;
        }
        boolean cockroach = connection.unwrap(PGConnection.class).getParameterStatus("crdb_version") != null;
        for (String sql : STATEMENTS) {
            createOnce(connection, cockroach ? ofCockroach(sql) : sql);
        }
    }

    /**
     * CockroachDB has no lock on a key alone: a writer reads the epoch, and a transaction that is moved to a later time (by a reader of its rows, say) starts again if what it
     * read has changed since. With the epoch in a column family of its own, the consistent point moves without changing it.
     */
    static String ofCockroach(String sql) {
        return sql.replace("UNIQUE (domain, epoch))", "UNIQUE (domain, epoch),\n" + FAMILIES);
    }

    private static void createOnce(Connection connection, String sql) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return;
            } catch (SQLException e) {
                // IF NOT EXISTS does not save two sessions that create at the same moment; the loser finds a duplicate.
                if (attempt == ATTEMPTS_MAX || !LOST_RACE.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
        }
    }
}
