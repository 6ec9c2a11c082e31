package dev.godwit.fetch;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.importinto.ImportFailedException;
import dev.godwit.fetch.importinto.TableImport;
import dev.godwit.fetch.load.FetchRun;
import dev.godwit.fetch.load.ImportRun;
import dev.godwit.fetch.plan.Preflight;
import dev.godwit.fetch.plan.TakenAway;
import dev.godwit.fetch.report.SerialListener;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.snapshot.Leftovers;
import dev.godwit.fetch.state.JobLedger;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The bulk load. Stateless; several loads may run at the same time if their slots and publications have different names. */
public final class FetchJob {
    private FetchJob() {}

    /**
     * Checks all that can be checked without writing anything.
     *
     * @throws RefusedException with everything that stands in the way of the load
     */
    public static void preflight(FetchRequest request) {
        Preflight.check(request, new FetchListener() {});
    }

    /**
     * What the load would drop or empty before it begins, a sentence each; empty if it takes nothing away. For a user who is asked first.
     *
     * @throws RefusedException if a database cannot be asked
     */
    public static List<String> takesAway(FetchRequest request) {
        return TakenAway.by(request);
    }

    /**
     * Checks, then loads. Blocks until everything is committed on the target.
     *
     * <p>Afterwards publication and slot exist on the source, and the slot keeps its log until somebody reads or drops it. If the load fails, or the JVM is asked
     * to end meanwhile, both are dropped again; if the process is killed, they stay, and the next run is refused with a message that says how to drop them
     * ({@link #dropLeftovers}). A failed load leaves rows of the slice on the target. With a {@link Continuation} that keeps the snapshot, a failed or killed load leaves slot, publication
     * and snapshot on the source for that time, and the same request with its id carries on.
     *
     * @throws RefusedException if something stands in the way; nothing has been written
     * @throws FetchFailedException if it broke off
     */
    public static FetchResult run(FetchRequest request, FetchListener listener) {
        return new FetchRun(request, new SerialListener(listener)).run();
    }

    /**
     * Imports the files of a whole export. Blocks until everything is committed on the target. May be repeated after a failure: files that are in stay alone.
     *
     * @throws RefusedException if something stands in the way; nothing has been written
     * @throws FetchFailedException if it broke off
     */
    public static FetchResult importFiles(ImportRequest request, FetchListener listener) {
        return new ImportRun(request, new SerialListener(listener)).run();
    }

    /**
     * Ends the import jobs that a killed load into these tables left running in the cluster, and waits until each has ended: what they had written is taken back, or
     * stays for the caller to delete. Does nothing on a target without such jobs.
     *
     * @throws FetchFailedException if one of them does not end
     */
    public static void endAbandonedImports(Database target, Collection<TableName> tables) {
        try {
            for (Map.Entry<Long, TableName> job : JobLedger.open(target, tables).entrySet()) {
                TableImport.endAbandoned(target::open, target.dialect(), job.getValue(), job.getKey());
            }
        } catch (ImportFailedException e) {
            throw new FetchFailedException(e.getMessage(), e.remedy(), e);
        } catch (SQLException e) {
            throw new FetchFailedException(
                    "the import jobs of an earlier load cannot be ended: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then try again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchFailedException("ending the import jobs of an earlier load was interrupted", "try again", e);
        }
    }

    /**
     * Drops the slot and the publication that a killed load left. May run any number of times. Only for names of which the caller knows that no replication needs them:
     * what the slot still had to deliver is lost.
     *
     * @throws FetchFailedException if the slot is in use, or the source does not let them be dropped
     */
    public static void dropLeftovers(Database source, String slotName, String publicationName) {
        if (source.product() == Product.MYSQL) {
            return; // its log is kept by time, for nobody in particular
        }
        try {
            Leftovers.dropSlot(source, slotName);
            Leftovers.dropPublication(source, publicationName);
        } catch (SQLException e) {
            throw new FetchFailedException(
                    "slot \"" + slotName + "\" and publication \"" + publicationName + "\" could not be dropped: "
                            + SqlFailure.describe(e),
                    "stop whatever uses them, then try again",
                    e);
        }
    }
}
