package dev.godwit.fetch.importinto;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Imports the files of a table, a batch at a time, since {@code IMPORT INTO} takes the table offline and wants it alone.
 *
 * <p>May be killed between any two lines: the job and the ledger's word of it come into being by one transaction of the target, so a later run finds the job and waits
 * for it instead of beginning another. A job ends with all rows of its files in the table, or with none.
 */
public final class TableImport {
    /** Opens a connection to the target, in auto-commit mode. */
    @FunctionalInterface
    public interface Connector {
        Connection open() throws SQLException;
    }

    /**
     * Files that are imported by one job.
     *
     * @param files their names in the store
     * @param statement that reads them
     */
    public record Batch(List<String> files, ImportStatement statement) {
        public Batch {
            files = List.copyOf(files);
        }
    }

    /** @param known whether the ledger had it already */
    private record Job(long id, boolean known) {}

    /** With the default patience they take less than a minute. */
    private static final int ATTEMPTS_MAX = 8;

    private final Connector target;
    private final Dialect dialect;
    private final ImportLedger ledger;
    private final ImportPatience patience;
    private final JobWatch watch;

    public TableImport(
            Connector target, Dialect dialect, ImportLedger ledger, ImportListener listener, ImportPatience patience) {
        this.target = target;
        this.dialect = dialect;
        this.ledger = ledger;
        this.patience = patience;
        this.watch = new JobWatch(target, dialect, listener, patience);
    }

    /**
     * Returns when all rows of the batch are in the table, and that is recorded.
     *
     * @throws ImportFailedException if they are not; a later call with the same batch carries on, unless the remedy says otherwise
     * @throws InterruptedException while it waits; the job goes on in the cluster, and a later call waits for it
     */
    public void run(Batch batch) throws ImportFailedException, InterruptedException {
        Job open = openJob(batch);
        long job = open.id();
        JobState end = watch.await(batch.statement().table(), job);
        switch (end.phase()) {
            case SUCCEEDED -> record(batch, connection -> ledger.imported(connection, job, batch.files()));
            case TAKEN_BACK -> {
                record(batch, connection -> ledger.takenBack(connection, job, batch.files()));
                throw new ImportFailedException(
                        batch.statement() + " " + end.status() + " (job " + job + ")" + reason(end)
                                + "; the table holds nothing of it",
                        remedy(end),
                        null,
                        open.known() && end.isCancelled());
            }
            case STUCK ->
                throw new ImportFailedException(
                        batch.statement() + " failed (job " + job + "), and CockroachDB could not take back what it had"
                                + " written" + reason(end),
                        "see SHOW JOB " + job + "; on the target; when its table is online and clean again, load it"
                                + " anew",
                        null);
            case GOING_ON, PAUSED -> throw new IllegalStateException("job " + job + " has not ended: " + end.status());
        }
    }

    private static String reason(JobState end) {
        return end.error().isEmpty() ? "" : ": " + Redaction.redact(end.error());
    }

    /**
     * Asks the cluster to end a job, from another thread than the one that waits for it. That one hears of the end by {@link ImportFailedException}, when the cluster has taken
     * back what the job had written.
     */
    public static void cancel(Connector target, long job) throws SQLException {
        try (Connection connection = target.open()) {
            JobConversation.cancel(connection, job);
        }
    }

    /**
     * Ends a job that nobody waits for any more. Returns when it has ended, one way or the other: its table is online then.
     *
     * @throws ImportFailedException if the cluster could not take back what the job had written, or does not answer
     */
    public static void endAbandoned(Connector target, Dialect dialect, TableName table, long job)
            throws SQLException, ImportFailedException, InterruptedException {
        try (Connection connection = target.open()) {
            if (JobConversation.state(connection, job).isEmpty()) {
                return; // ended so long ago that the cluster has forgotten it
            }
        }
        try {
            cancel(target, job);
        } catch (SQLException e) {
            // One that has ended cannot be cancelled; the state tells.
        }
        JobState end = new JobWatch(target, dialect, new ImportListener() {}, ImportPatience.DEFAULT).await(table, job);
        if (end.phase() == JobState.Phase.STUCK) {
            throw new ImportFailedException(
                    "job " + job + " failed, and CockroachDB could not take back what it had written into " + table
                            + reason(end),
                    "see SHOW JOB " + job + "; on the target",
                    null);
        }
    }

    private static String remedy(JobState end) {
        return end.error().contains("collides with an existing")
                ? "rows with such keys are in the table already and do not belong to this load: delete them, or load with"
                        + " --table-handling truncate-if-exists; then continue the load"
                : "mend the cause that CockroachDB names, then continue the load";
    }

    /** The ledger is asked before each attempt: a commit whose outcome was not heard may have begun the job. */
    private Job openJob(Batch batch) throws ImportFailedException, InterruptedException {
        return retrying(batch, "could not be begun", () -> {
            OptionalLong known = ledger.openJob(batch.files());
            return known.isPresent() ? new Job(known.getAsLong(), true) : new Job(begin(batch), false);
        });
    }

    private long begin(Batch batch) throws SQLException {
        try (Connection connection = target.open()) {
            connection.setAutoCommit(false);
            long job = JobConversation.begin(connection, batch.statement().sql(dialect));
            ledger.begun(connection, job, batch.files());
            connection.commit();
            return job;
        }
    }

    private interface Entry {
        void write(Connection connection) throws SQLException;
    }

    private void record(Batch batch, Entry entry) throws ImportFailedException, InterruptedException {
        retrying(batch, "has ended, but that could not be recorded", () -> {
            try (Connection connection = target.open()) {
                connection.setAutoCommit(false);
                entry.write(connection);
                connection.commit();
            }
            return batch;
        });
    }

    private interface Attempt<T> {
        T run() throws SQLException;
    }

    private <T> T retrying(Batch batch, String what, Attempt<T> attempt)
            throws ImportFailedException, InterruptedException {
        for (int number = 1; ; number++) {
            try {
                return attempt.run();
            } catch (SQLException e) {
                FailureClass failure = dialect.classify(e);
                boolean mayClear = failure == FailureClass.RETRY_NOW || failure == FailureClass.RECONNECT;
                if (!mayClear || number == ATTEMPTS_MAX) {
                    throw new ImportFailedException(
                            batch.statement() + " " + what + ": " + Redaction.redact(String.valueOf(e.getMessage())),
                            "mend the cause that CockroachDB names, then continue the load: it knows whether a job was"
                                    + " begun",
                            e);
                }
                Thread.sleep(patience.pollFirst().toMillis() << number);
            }
        }
    }
}
