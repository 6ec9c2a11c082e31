package dev.godwit.fetch.importinto;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Waits for the end of jobs, over broken connections and through pauses. */
final class JobWatch {
    private static final int ANSWER_TIMEOUT_MS = 60_000;

    private final TableImport.Connector target;
    private final Dialect dialect;
    private final ImportListener listener;
    private final ImportPatience patience;

    JobWatch(TableImport.Connector target, Dialect dialect, ImportListener listener, ImportPatience patience) {
        this.target = target;
        this.dialect = dialect;
        this.listener = listener;
        this.patience = patience;
    }

    /** Returns how it ended: succeeded, taken back or stuck. */
    JobState await(TableName table, long job) throws ImportFailedException, InterruptedException {
        Waiting waiting = new Waiting(table, job);
        while (true) {
            try (Connection connection = target.open()) {
                // A network that swallows everything would otherwise be waited for without end.
                connection.setNetworkTimeout(Runnable::run, ANSWER_TIMEOUT_MS);
                return waiting.look(connection);
            } catch (SQLException e) {
                waiting.notAnswered(e);
            }
            waiting.pause();
        }
    }

    /** One wait: what was seen, and since when. */
    private final class Waiting {
        private final TableName table;
        private final long job;
        private Duration pollNext = patience.pollFirst();
        private double reported = -1;
        private long silentSince;
        private boolean silent;
        private long pausedSince;
        private boolean paused;

        private Waiting(TableName table, long job) {
            this.table = table;
            this.job = job;
        }

        /** Looks until the end, or until the connection breaks. */
        private JobState look(Connection connection) throws SQLException, ImportFailedException, InterruptedException {
            while (true) {
                JobState state = JobConversation.state(connection, job)
                        .orElseThrow(() -> new ImportFailedException(
                                "the target knows no job " + job + " (any more), which imports into " + table,
                                "find out whether the rows are there; if not, load the table anew",
                                null));
                silent = false;
                switch (state.phase()) {
                    case SUCCEEDED, TAKEN_BACK, STUCK -> {
                        return state;
                    }
                    case PAUSED -> isPaused(state);
                    case GOING_ON -> {
                        paused = false;
                        if (state.fractionCompleted() != reported) {
                            reported = state.fractionCompleted();
                            listener.progressed(table, job, reported);
                        }
                    }
                }
                pause();
            }
        }

        private void isPaused(JobState state) throws ImportFailedException {
            String reason = state.error().isEmpty() ? "no reason given" : Redaction.redact(state.error());
            if (!paused) {
                paused = true;
                pausedSince = System.nanoTime();
                listener.paused(table, job, reason);
            } else if (System.nanoTime() - pausedSince > patience.pauseMax().toNanos()) {
                throw new ImportFailedException(
                        "job " + job + ", which imports into " + table + ", is paused: " + reason,
                        "run RESUME JOB " + job
                                + "; on the target and continue the load, which then waits for that job",
                        null);
            }
        }

        private void notAnswered(SQLException e) throws ImportFailedException {
            String reason = Redaction.redact(String.valueOf(e.getMessage()));
            FailureClass failure = dialect.classify(e);
            if (failure != FailureClass.RECONNECT && failure != FailureClass.RETRY_NOW) {
                throw new ImportFailedException(
                        "the state of job " + job + ", which imports into " + table + ", cannot be read: " + reason,
                        "mend the cause that CockroachDB names, then continue the load, which then waits for that job",
                        e);
            }
            if (!silent) {
                silent = true;
                silentSince = System.nanoTime();
                listener.contactLost(table, job, reason);
            } else if (System.nanoTime() - silentSince > patience.silenceMax().toNanos()) {
                throw new ImportFailedException(
                        "the target has not answered for "
                                + patience.silenceMax().toSeconds() + " s, and job " + job + " imports into " + table
                                + ": " + reason,
                        "when it answers again, continue the load, which then waits for that job",
                        e);
            }
        }

        private void pause() throws InterruptedException {
            Thread.sleep(pollNext.toMillis());
            Duration longer = pollNext.multipliedBy(3).dividedBy(2);
            pollNext = longer.compareTo(patience.pollMax()) > 0 ? patience.pollMax() : longer;
        }
    }
}
