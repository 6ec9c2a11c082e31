package dev.godwit.fetch.load;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.Continuation;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.Splitting;
import dev.godwit.fetch.file.Manifest;
import dev.godwit.fetch.session.LoadBrokenException;
import dev.godwit.fetch.session.OpenConnections;
import dev.godwit.fetch.state.FetchLedger;
import dev.godwit.fetch.state.FileState;
import dev.godwit.fetch.store.FileStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings the files of a whole export into the target: by {@code IMPORT INTO} where the target has it, by {@code COPY} elsewhere and on request. Files that are in are left alone.
 */
final class FileLoad {
    private final Database target;
    private final FetchLedger ledger;
    private final FetchListener listener;
    private final FileOptions options;
    private final FileStore store;
    private final Manifest manifest;
    private final Continuation continuation;
    private final Map<TableName, TableTally> tallies;
    private final FileImporter importer;
    private long bytes;

    /** Brings the files of some tables in. */
    interface FileImporter {
        void run(List<Open> tables) throws LoadBrokenException, InterruptedException;

        /** Called by another thread: what is under way may end early. */
        void stop();
    }

    /** A table with the files that are not in yet. */
    record Open(Manifest.Table table, List<FileState> files) {}

    FileLoad(
            Database target,
            FetchLedger ledger,
            FetchListener listener,
            OpenConnections connections,
            Splitting splitting,
            FileOptions options,
            FileStore store,
            Manifest manifest,
            Continuation continuation,
            Map<TableName, TableTally> tallies) {
        this.target = target;
        this.ledger = ledger;
        this.listener = listener;
        this.options = options;
        this.store = store;
        this.manifest = manifest;
        this.continuation = continuation;
        this.tallies = tallies;
        TableEnd end = new TableEnd(ledger, listener, tallies);
        this.importer = options.importsInto(target)
                ? new JobImporter(target, ledger, listener, end, splitting, options, store, manifest)
                : new CopyImporter(target, ledger, listener, end, connections, splitting, store, manifest);
    }

    void stop() {
        importer.stop();
    }

    long bytes() {
        return bytes;
    }

    /** Returns when every row of the files is on the target, and that is recorded; the rows of each table, by its name on the source. */
    Map<TableName, Long> run() throws LoadBrokenException, InterruptedException, SQLException {
        Map<TableName, List<FileState>> states = ledger.files().stream()
                .collect(Collectors.groupingBy(FileState::table, LinkedHashMap::new, Collectors.toList()));
        Map<String, FileState> byName = states.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.toMap(state -> state.part().name(), Function.identity()));
        Map<TableName, Long> rows = new TreeMap<>();
        List<Open> open = new ArrayList<>();
        Set<TableName> incomplete = new HashSet<>(ledger.openTables());
        for (Manifest.Table table : manifest.tables()) {
            if (continuation.onlyTable().isPresent()
                    && !continuation.onlyTable().get().equals(table.source())) {
                continue;
            }
            rows.put(table.source(), table.rowsTotal());
            bytes += table.files().stream().mapToLong(file -> file.bytes()).sum();
            List<FileState> left = table.files().stream()
                    .map(file -> byName.get(file.name()))
                    .filter(state -> !state.imported())
                    .sorted((one, other) -> Boolean.compare(isFirst(other), isFirst(one)))
                    .toList();
            TableTally tally = new TableTally(table.files().size());
            tally.alreadyThere(
                    table.files().size() - left.size(),
                    table.rowsTotal()
                            - left.stream()
                                    .mapToLong(state -> state.part().rows())
                                    .sum(),
                    0);
            tallies.put(table.source(), tally);
            if (left.isEmpty() && incomplete.contains(table.source())) {
                ledger.tableComplete(table.source(), table.rowsTotal());
            }
            open.add(new Open(table, left));
        }
        List<Open> withFiles =
                open.stream().filter(one -> !one.files().isEmpty()).toList();
        Map<TableName, Long> expected = new TreeMap<>();
        withFiles.forEach(one -> expected.put(one.table().source(), one.table().rowsTotal()));
        listener.importStarted(expected);
        importer.run(withFiles);
        if (options.importsInto(target)) {
            new RowCount(target, listener).require(wholeTargets());
        }
        return rows;
    }

    /** Tables whose target has received all that it gets: of several that are merged, one alone cannot be counted. */
    private List<Manifest.Table> wholeTargets() throws SQLException {
        Set<TableName> incomplete = new HashSet<>(ledger.openTables());
        Set<TableName> incompleteTargets = manifest.tables().stream()
                .filter(table -> incomplete.contains(table.source()))
                .map(Manifest.Table::target)
                .collect(Collectors.toSet());
        return manifest.tables().stream()
                .filter(table -> !incompleteTargets.contains(table.target()))
                .toList();
    }

    private boolean isFirst(FileState state) {
        return continuation.firstFile().filter(state.part().name()::equals).isPresent();
    }

    /** Deletes the files. The rows are all there: a file that cannot be deleted is no reason to give them up. */
    void cleanUp() {
        List<String> names = new ArrayList<>();
        manifest.tables().forEach(table -> table.files().forEach(file -> names.add(file.name())));
        names.add(Manifest.fileName(manifest.fetchId()));
        try {
            for (String name : names) {
                store.delete(name);
            }
            listener.informed("deleted " + names.size() + " files in " + store.location());
        } catch (IOException e) {
            listener.warned("the files of load " + manifest.fetchId() + " in " + store.location()
                    + " could not all be deleted: " + e.getMessage());
        }
    }
}
