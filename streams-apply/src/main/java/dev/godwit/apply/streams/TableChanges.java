package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ledger.NotedTable;
import dev.godwit.apply.ledger.NotedTable.NotedColumn;
import dev.godwit.apply.ledger.NotedTables.Note;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How tables of the replication source differ from what is noted of them, where that makes a difference to messages from before. */
final class TableChanges {
    private static final int WORD_BYTES = 4;

    private final List<Changed> changes = new ArrayList<>();

    /**
     * @param column null for the primary key
     * @param now null where there is no such column any more
     */
    private record Changed(TableName table, String column, String before, String now, long version) {
        @Override
        public String toString() {
            if (column == null) {
                return "the primary key of " + table + " was (" + before + ") and is (" + now + ")";
            }
            return "column \"" + column + "\" of " + table + " was " + before
                    + (now == null ? " and is not there any more: dropped, or renamed" : " and is " + now);
        }
    }

    private TableChanges() {}

    /** Columns that are only new, wider or ignored are no change here. */
    static TableChanges of(ApplyConfig config, Tables tables, Map<TableName, Note> notes) {
        TableChanges found = new TableChanges();
        for (TableSlice slice : config.slices()) {
            Note note = notes.get(slice.table());
            if (note != null) {
                Table now = tables.captured().get(slice.table()).sourceTable();
                found.compare(config, slice, note, now);
            }
        }
        return found;
    }

    private void compare(ApplyConfig config, TableSlice slice, Note note, Table now) {
        TableName name = now.name();
        NotedTable before = note.table();
        if (!before.key().equals(now.primaryKey())) {
            changes.add(new Changed(
                    name, null, String.join(", ", before.key()), String.join(", ", now.primaryKey()), note.version()));
        }
        for (NotedColumn column : before.columns()) {
            if (slice.leftOut().contains(column.name())) {
                continue;
            }
            Optional<NotedColumn> found = now.column(column.name()).map(NotedTable::column);
            if (found.isEmpty()) {
                changes.add(new Changed(name, column.name(), column.type(), null, note.version()));
            } else if (!FormerTables.readsAlike(config.format(), column, found.get())) {
                changes.add(new Changed(
                        name, column.name(), column.type(), found.get().type(), note.version()));
            }
        }
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Whether a message from before could be read without an error, and wrongly. */
    boolean isMisread() {
        return changes.stream().anyMatch(change -> change.now != null);
    }

    Set<TableName> tables() {
        return changes.stream().map(Changed::table).collect(Collectors.toCollection(TreeSet::new));
    }

    String text() {
        return "the tables are not those any more that were applied before: "
                + changes.stream().map(Changed::toString).collect(Collectors.joining("; "))
                + "; what was written before that and still waits in Kafka, or in the source's log, would be read wrongly";
    }

    String remedy() {
        return "give the columns back what they were, on both sides, start the applier, stop the traffic, drain (godwit apply drain),"
                + " stop the applier and change them again"
                + (isMisread() ? "" : ", or ignore the columns (--ignore-column, apply.ignore-columns)")
                + "; if such a drain had ended before they were changed, say so: --drained-change " + word()
                + " (apply.drained-change)";
    }

    /** Stands for exactly these changes: nobody says by it, or goes on saying, anything about others. */
    String word() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Changed change : changes) {
                digest.update((change + " " + change.version + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return "change-" + HexFormat.of().formatHex(digest.digest(), 0, WORD_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
