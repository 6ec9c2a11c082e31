package dev.godwit.phase.log;

import dev.godwit.database.Database;
import dev.godwit.database.ledger.LedgerSchema;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The recorded state of the steps of one phase, in {@code _godwit.phase_step} on the target of the migration.
 *
 * <p>A crash between the work of a step and its record leaves the step {@code running}; it then runs again, so each step has to bear that.
 * What a method has recorded is durable when it returns. All methods throw {@link LeaseLostException} if another runner has taken over. Not
 * thread-safe.
 */
public final class StepLog implements AutoCloseable {
    private final Database target;
    private final String phase;
    private final RunnerLease lease;

    private StepLog(Database target, String phase, RunnerLease lease) {
        this.target = target;
        this.phase = phase;
        this.lease = lease;
    }

    /**
     * Creates the ledger on the target where it is missing, and makes the caller the one runner of the phase.
     *
     * @param phase full name, {@code <migration>-<phase>}
     * @throws dev.godwit.database.RefusedException if another runner works on the phase
     */
    public static StepLog open(Database target, String phase) throws SQLException, InterruptedException {
        try (Connection connection = target.open()) {
            LedgerSchema.create(connection);
        }
        return new StepLog(target, phase, RunnerLease.acquire(target, phase));
    }

    /** Reads the records of a phase without becoming its runner; every step has one. Writes nothing, also where there is no ledger. */
    public static Map<PhaseStep, StepRecord> read(Database target, String phase) throws SQLException {
        Map<PhaseStep, StepRecord> records = new EnumMap<>(PhaseStep.class);
        for (PhaseStep step : PhaseStep.values()) {
            records.put(step, StepRecord.planned(step));
        }
        try (Connection connection = target.open()) {
            if (exists(connection)) {
                select(connection, phase, records);
            }
        }
        return records;
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?")) {
            statement.setString(1, LedgerSchema.PHASE_STEP.schema());
            statement.setString(2, LedgerSchema.PHASE_STEP.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static void select(Connection connection, String phase, Map<PhaseStep, StepRecord> records)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT step, state, evidence, started_at, ended_at FROM _godwit.phase_step"
                        + " WHERE phase = ? AND step > 0")) {
            statement.setString(1, phase);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    PhaseStep step = PhaseStep.ofNumber(row.getInt(1));
                    records.put(
                            step,
                            new StepRecord(
                                    step,
                                    StepState.ofWord(row.getString(2)),
                                    Evidence.parse(row.getString(3)),
                                    instant(row, 4),
                                    instant(row, 5)));
                }
            }
        }
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    public Map<PhaseStep, StepRecord> records() throws SQLException {
        return read(target, phase);
    }

    /** The step begins, or begins again; the evidence of an earlier attempt stays until the step writes its own. */
    public void running(PhaseStep step) throws SQLException {
        record(
                "INSERT INTO _godwit.phase_step (phase, step, state, evidence, started_at, ended_at)"
                        + " VALUES (?, ?, ?, ?, now(), NULL) ON CONFLICT (phase, step)"
                        + " DO UPDATE SET state = excluded.state, started_at = excluded.started_at, ended_at = NULL",
                step,
                StepState.RUNNING,
                Evidence.NONE);
    }

    /** Remembers what the step has found out so far, for an attempt that may follow this one. */
    public void note(PhaseStep step, Evidence evidence) throws SQLException {
        end(step, StepState.RUNNING, evidence, "NULL");
    }

    /** Nothing of the step has been done after all, as the user has not done what it begins with. What it has noted stays. */
    public void waiting(PhaseStep step) throws SQLException {
        end(step, StepState.PLANNED, records().get(step).evidence(), "NULL");
    }

    public void done(PhaseStep step, Evidence evidence) throws SQLException {
        end(step, StepState.DONE, evidence, "now()");
    }

    public void failed(PhaseStep step, Evidence evidence) throws SQLException {
        end(step, StepState.FAILED, evidence, "now()");
    }

    private void end(PhaseStep step, StepState state, Evidence evidence, String endedAt) throws SQLException {
        record(
                "INSERT INTO _godwit.phase_step (phase, step, state, evidence, started_at, ended_at)"
                        + " VALUES (?, ?, ?, ?, now(), " + endedAt + ") ON CONFLICT (phase, step)"
                        + " DO UPDATE SET state = excluded.state, evidence = excluded.evidence, ended_at = excluded.ended_at",
                step,
                state,
                evidence);
    }

    private void record(String sql, PhaseStep step, StepState state, Evidence evidence) throws SQLException {
        LedgerTransaction.run(target, connection -> {
            lease.check(connection);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, phase);
                statement.setInt(2, step.number());
                statement.setString(3, state.word());
                statement.setString(4, evidence.toString());
                return statement.executeUpdate();
            }
        });
    }

    /**
     * Makes this step and all after it planned again.
     *
     * @param remembering steps whose evidence stays, because later attempts have to know what earlier ones have left
     */
    public void reset(PhaseStep first, Set<PhaseStep> remembering) throws SQLException {
        String kept = remembering.stream()
                .map(step -> Integer.toString(step.number()))
                .collect(Collectors.joining(", "));
        LedgerTransaction.run(target, connection -> {
            lease.check(connection);
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE _godwit.phase_step SET state = 'planned', ended_at = NULL,"
                            + " evidence = CASE WHEN step IN (" + (remembering.isEmpty() ? "0" : kept)
                            + ") THEN evidence ELSE '{}' END"
                            + " WHERE phase = ? AND step >= ?")) {
                statement.setString(1, phase);
                statement.setInt(2, first.number());
                return statement.executeUpdate();
            }
        });
    }

    /** Whether this runner is still the one. */
    public void check() throws SQLException {
        LedgerTransaction.run(target, connection -> {
            lease.check(connection);
            return null;
        });
    }

    /** Lets the next runner in. The records stay. */
    @Override
    public void close() {
        lease.close();
    }
}
