package dev.godwit.phase.run;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchJob;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.FetchResult;
import dev.godwit.fetch.TableHandling;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Step 3. The slot's name is noted before the load creates anything, so that a later attempt knows slot, publication and rows of the slice
 * for leavings of an earlier one, and may drop them: nothing has read from that slot yet.
 */
final class BulkLoad extends Step {
    /** The evidence that an attempt was made. */
    private static final String SLOT = "slot";

    static final String CHECKPOINT = "checkpoint";
    static final String ROWS = "rows";
    static final String ROWS_BY_TABLE = "rows_by_table";

    private final String slot;
    private final String publication;

    BulkLoad(PhaseContext context, String slot, String publication) {
        super(context);
        this.slot = slot;
        this.publication = publication;
    }

    @Override
    PhaseStep id() {
        return PhaseStep.BULK_LOAD;
    }

    @Override
    List<String> plan() {
        return List.of(
                context.source.product() == Product.MYSQL
                        ? "take a snapshot of the source over all connections; its GTID set is the checkpoint"
                        : "create publication and replication slot " + slot
                                + " on the source; its snapshot is the checkpoint",
                (handling() == TableHandling.NONE ? "" : "empty the tables of the target, then ") + "copy "
                        + context.slices().size() + " tables over "
                        + context.file.fetch().concurrency() + " connections: "
                        + String.join(
                                ", ",
                                context.slices().stream().map(Object::toString).toList())
                        + way());
    }

    private String way() {
        return context.file
                .fetch()
                .files()
                .map(files -> " through files in " + files.place()
                        + (takesTablesOffline() ? ", by IMPORT INTO, which takes them offline meanwhile" : ""))
                .orElse("");
    }

    @Override
    void check(StepRecord record) {
        if (!isRepeated(record.evidence())) {
            FetchJob.preflight(request(handling()));
            if (takesTablesOffline()) {
                requireEmptyTables();
            }
        }
    }

    private TableHandling handling() {
        return switch (context.file.fetch().tableHandling()) {
            case NONE -> TableHandling.NONE;
            case TRUNCATE_IF_EXISTS -> TableHandling.TRUNCATE_IF_EXISTS;
        };
    }

    private static boolean isRepeated(Evidence evidence) {
        return evidence.text(SLOT).isPresent();
    }

    private FetchRequest request(TableHandling handling) {
        FetchRequest.Builder request = FetchRequest.builder(context.source, context.target)
                .slices(context.slices())
                .tableHandling(handling)
                .slotName(slot)
                .publicationName(publication)
                .concurrency(context.file.fetch().concurrency());
        context.file.fetch().files().ifPresent(request::files);
        return request.build();
    }

    private boolean takesTablesOffline() {
        return context.file
                .fetch()
                .files()
                .filter(files -> files.importsInto(context.target))
                .isPresent();
    }

    /** {@code IMPORT INTO} takes a table offline: whoever works with the rows of an earlier phase would find it gone. */
    private void requireEmptyTables() {
        try (Connection connection = context.target.open();
                Statement statement = connection.createStatement()) {
            for (TableName table : context.tables()) {
                try (ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM "
                        + context.target.dialect().quote(table) + ")")) {
                    row.next();
                    if (row.getBoolean(1)) {
                        throw new RefusedException(
                                "table " + table + " of the target holds rows, and IMPORT INTO would take it offline",
                                "write use-copy: true under fetch.files, or empty the table if nobody uses it");
                    }
                }
            }
        } catch (SQLException e) {
            throw new RefusedException(
                    "the tables of the target cannot be read: " + e.getMessage(),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    @Override
    Evidence run(Attempt attempt) throws SQLException {
        boolean repeated = isRepeated(attempt.evidence());
        if (repeated) {
            attempt.say("an earlier attempt has left a slot and rows: dropping and replacing them");
            attempt.requireLease();
            FetchJob.endAbandonedImports(context.target, context.tables());
            FetchJob.dropLeftovers(context.source, slot, publication);
        }
        attempt.note(SLOT, slot);
        context.releaseSnapshot();
        FetchResult result;
        try {
            result = FetchJob.run(
                    request(repeated ? TableHandling.REPLACE_SLICE : handling()), new LoadProgress(attempt, context));
        } catch (RefusedException e) {
            if (!repeated) {
                // Nothing was written; a slot of this name that turns up later is somebody else's.
                attempt.note(SLOT, null);
            }
            throw e;
        }
        Map<String, Long> rows = new LinkedHashMap<>();
        result.rows().forEach((table, count) -> rows.put(table.toString(), count));
        return Evidence.of(SLOT, slot)
                .with(CHECKPOINT, result.cdcCursor())
                .with(ROWS, result.rowsTotal())
                .with(ROWS_BY_TABLE, rows)
                .with("bytes", result.bytes())
                .with("ms", result.elapsed().toMillis());
    }
}
