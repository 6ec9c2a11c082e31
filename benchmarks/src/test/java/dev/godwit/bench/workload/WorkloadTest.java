package dev.godwit.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadTest {
    private static final long CHANGES = 20_000;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void theSameSeedMakesTheSameHistory(Workload workload) {
        assertThat(changes(workload.history(CHANGES, 3))).isEqualTo(changes(workload.history(CHANGES, 3)));
        assertThat(changes(workload.history(CHANGES, 4))).isNotEqualTo(changes(workload.history(CHANGES, 3)));
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void applyingTheChangesOneByOneGivesTheRowsThatTheHistoryEndsWith(Workload workload) {
        History history = workload.history(CHANGES, 5);
        Map<List<String>, List<String>> rows = rows(history);

        for (RowChange change : changes(history)) {
            List<String> key = key(change.table(), change.row());
            switch (change.operation()) {
                case INSERT ->
                    assertThat(rows.put(key, values(change.row())))
                            .as("%s", change)
                            .isNull();
                case UPDATE ->
                    assertThat(rows.put(key, values(change.row())))
                            .as("%s", change)
                            .isNotNull();
                case DELETE -> assertThat(rows.remove(key)).as("%s", change).isNotNull();
            }
        }

        assertThat(rows).isEqualTo(rows(history));
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void theMixIsAsSaid(Workload workload) {
        Map<RowChange.Operation, Long> counts = changes(workload.history(CHANGES, 6)).stream()
                .collect(Collectors.groupingBy(RowChange::operation, Collectors.counting()));

        assertThat(counts.get(RowChange.Operation.UPDATE)).isBetween(CHANGES * 53 / 100, CHANGES * 57 / 100);
        assertThat(counts.get(RowChange.Operation.INSERT)).isBetween(CHANGES * 33 / 100, CHANGES * 37 / 100);
        assertThat(counts.get(RowChange.Operation.DELETE)).isBetween(CHANGES * 8 / 100, CHANGES * 12 / 100);
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void onlyTheFirstAndTheLastTransactionWriteTheMarkedRows(Workload workload) {
        History history = workload.history(CHANGES, 7);
        List<RowChange> changes = changes(history);
        int tables = history.tables().size();

        assertThat(changes.subList(0, tables)).allMatch(change -> mark(change).equals(History.BEGUN));
        assertThat(changes.subList(changes.size() - tables, changes.size()))
                .allMatch(change -> mark(change).equals(History.ENDED));
        assertThat(changes.subList(tables, changes.size() - tables))
                .noneMatch(change -> change.key().stream().allMatch(History.MARK_KEY::equals));
    }

    private static String mark(RowChange change) {
        assertThat(change.key()).containsOnly(History.MARK_KEY);
        return change.row()[change.table().markColumn()];
    }

    private static List<RowChange> changes(History history) {
        List<RowChange> changes = new ArrayList<>();
        for (List<RowChange> next = history.next(); next != null; next = history.next()) {
            changes.addAll(next);
        }
        return changes;
    }

    private static Map<List<String>, List<String>> rows(History history) {
        Map<List<String>, List<String>> rows = new HashMap<>();
        history.forEachRow((table, row) -> rows.put(key(table, row), values(row)));
        return rows;
    }

    private static List<String> key(BenchTable table, String[] row) {
        List<String> key = new ArrayList<>(List.of(table.name()));
        key.addAll(new RowChange(table, RowChange.Operation.DELETE, row).key());
        return key;
    }

    /** With NULLs, which List.of does not take. */
    private static List<String> values(String[] row) {
        return new ArrayList<>(java.util.Arrays.asList(row));
    }
}
