package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;

/**
 * The changefeed jobs of one direction in a CockroachDB.
 *
 * <p>A job is found by what stands in its sink. From v24.3 on that works for twelve hours after its end only, so the number of the last one stands in {@code
 * _godwit.changefeed}: asked for by its number, CockroachDB shows a job for as long as it remembers it (two weeks, {@code jobs.retention_time}). Its tables of jobs
 * are not asked: from v26.1 on they are closed to us.
 */
final class FeedJobs {
    private static final String COLUMNS = "SELECT job_id, status, coalesce(error, ''), coalesce(running_status, ''),"
            + " coalesce(high_water_timestamp::STRING, '') FROM ";

    /** Ended jobs of the same name may be there too; one that goes on is ours, before one that is being cancelled, before one that has failed. */
    private static final String FIND_SQL = COLUMNS + "[SHOW CHANGEFEED JOBS]"
            + " WHERE (strpos(sink_uri || '&', ?) > 0 OR sink_uri = ?) AND status NOT IN ('canceled', 'succeeded')"
            + " ORDER BY CASE WHEN status IN ('failed', 'revert-failed') THEN 2"
            + " WHEN status IN ('cancel-requested', 'reverting', 'retry-reverting') THEN 1 ELSE 0 END, created DESC LIMIT 1";

    private static final String NOTE_SQL = "INSERT INTO " + LedgerSchema.CHANGEFEED
            + " (direction, job, noted_at) VALUES (?, ?, now())"
            + " ON CONFLICT (direction) DO UPDATE SET job = excluded.job, noted_at = excluded.noted_at";

    private final Database target;
    private final PhaseDirection phase;

    FeedJobs(Database target, PhaseDirection phase) {
        this.target = target;
        this.phase = phase;
    }

    /** As {@code SHOW CHANGEFEED JOBS} has it; texts may be empty. */
    record Job(long id, String status, String error, String runningStatus, String highWater) {

        boolean isPaused() {
            return status.equals("paused") || status.equals("pause-requested");
        }

        /** It has been cancelled, or has just failed, and may still send. */
        boolean isEnding() {
            return switch (status) {
                case "cancel-requested", "reverting", "retry-reverting" -> true;
                default -> false;
            };
        }

        boolean hasFailed() {
            return status.equals("failed") || status.equals("revert-failed");
        }

        boolean isOver() {
            return hasFailed() || status.equals("canceled") || status.equals("succeeded");
        }

        /** It sends, or may do so again; also for some seconds after it was cancelled. */
        boolean goesOn() {
            return !isOver() && (!isEnding() || status.equals("cancel-requested"));
        }

        /** Why it does not run, in words; empty if that is not known. */
        String reason() {
            if (!error.isBlank()) {
                return Secrets.scrub(error);
            }
            return status.equals("canceled") ? "somebody has cancelled it" : Secrets.scrub(runningStatus);
        }
    }

    /** One that goes on, or may; else one that has failed lately. */
    Optional<Job> find() {
        try (Connection connection = target.open();
                PreparedStatement sql = connection.prepareStatement(FIND_SQL)) {
            sql.setString(1, ChangefeedStatement.mark(phase) + "&");
            sql.setString(2, "external://" + ChangefeedStatement.externalConnection(phase));
            try (ResultSet row = sql.executeQuery()) {
                return row.next() ? Optional.of(job(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            if ("42501".equals(e.getSQLState())) {
                throw new RefusedException(
                        "the user may not list the changefeeds of the " + target + ": " + Secrets.scrub(e.getMessage()),
                        "use a user of the role admin, which that takes before v23.1; or let Kafka Connect read the changes"
                                + " (failback.changefeed: connect, --via connect)",
                        e);
            }
            throw refusal(target, "list changefeeds", e);
        }
    }

    /** The last one that was noted, however it has ended; empty if there is none, or if the cluster has forgotten it. */
    Optional<Job> noted() {
        try (Connection connection = target.open();
                PreparedStatement sql = connection.prepareStatement(
                        "SELECT job FROM " + LedgerSchema.CHANGEFEED + " WHERE direction = ?")) {
            sql.setString(1, phase.domain());
            try (ResultSet row = sql.executeQuery()) {
                return row.next() ? byNumber(connection, row.getLong(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState()) || "3F000".equals(e.getSQLState())) {
                return Optional.empty(); // an earlier version has made the ledger, or nobody has
            }
            throw refusal(target, "look for the last changefeed", e);
        }
    }

    private static Optional<Job> byNumber(Connection connection, long id) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS + "[SHOW CHANGEFEED JOB " + id + "]")) {
            return row.next() ? Optional.of(job(row)) : Optional.empty();
        }
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5));
    }

    /** Remembers the job as the last one of this direction. Makes the table for that where an earlier version has made the ledger. */
    void note(long job) {
        try (Connection connection = target.open()) {
            LedgerSchema.create(connection);
            try (PreparedStatement sql = connection.prepareStatement(NOTE_SQL)) {
                sql.setString(1, phase.domain());
                sql.setLong(2, job);
                sql.executeUpdate();
            }
        } catch (SQLException e) {
            throw refusal(target, "note the changefeed", e);
        }
    }

    void forget() {
        try (Connection connection = target.open();
                PreparedStatement sql = connection.prepareStatement(
                        "DELETE FROM " + LedgerSchema.CHANGEFEED + " WHERE direction = ?")) {
            sql.setString(1, phase.domain());
            sql.executeUpdate();
        } catch (SQLException e) {
            if (!"42P01".equals(e.getSQLState()) && !"3F000".equals(e.getSQLState())) {
                throw refusal(target, "forget the changefeed", e);
            }
        }
    }

    /** @param command {@code PAUSE}, {@code RESUME} or {@code CANCEL} */
    void control(String command, Job job) {
        String sql = command.toUpperCase(Locale.ROOT) + " JOB " + job.id();
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw refusal(target, "run " + sql, e);
        }
    }

    static RefusedException refusal(Database target, String attempt, SQLException e) {
        return new RefusedException(
                "the " + target + " does not let Godwit " + attempt + ": "
                        + Secrets.scrub(String.valueOf(e.getMessage())),
                "mend the cause that the server names, then try again",
                e);
    }
}
