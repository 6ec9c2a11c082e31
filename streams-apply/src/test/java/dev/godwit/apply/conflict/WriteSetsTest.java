package dev.godwit.apply.conflict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.catalog.UniqueKey;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which two transactions may not overtake each other. Rows are {@code id, code (unique), parent}. */
class WriteSetsTest {
    private static final Layout PARENT = layout("parent");
    private static final Layout CHILD = layout("child");
    private static final Set<TableName> BOTH =
            Set.of(PARENT.table().name(), CHILD.table().name());

    private WriteSets sets = sets(BOTH, Set.of(), false);

    @Test
    void changesOfOneRowConflictAndThoseOfOthersDoNot() {
        assertThat(conflict(insert(CHILD, "1", null, null), delete(CHILD, "1", null, null)))
                .isTrue();
        assertThat(conflict(insert(CHILD, "1.0", null, null), delete(CHILD, "1.00", null, null)))
                .as("one number, two texts")
                .isTrue();
        assertThat(conflict(insert(CHILD, "1", null, null), insert(CHILD, "2", null, null)))
                .isFalse();
        assertThat(conflict(insert(CHILD, "1", null, null), insert(PARENT, "1", null, null)))
                .isFalse();
    }

    @Test
    void whoGivesUpAUniqueValueConflictsWithWhoTakesIt() {
        Change takes = insert(PARENT, "1", "x", null);

        assertThat(conflict(delete(PARENT, "2", "x", null), takes)).isTrue();
        assertThat(conflict(update(PARENT, "2", "x", null, "y", null), takes)).isTrue();
        assertThat(conflict(update(PARENT, "2", "y", null, "x", null), takes)).isTrue();
        assertThat(conflict(update(PARENT, "2", "y", null, "z", null), takes)).isFalse();
        assertThat(conflict(insert(CHILD, "2", "x", null), takes))
                .as("the key of another table")
                .isFalse();
    }

    @Test
    void nullIsNoUniqueValueAndNoParent() {
        assertThat(conflict(insert(PARENT, "1", null, null), insert(PARENT, "2", null, null)))
                .isFalse();
        assertThat(conflict(delete(PARENT, "1", null, null), insert(CHILD, "2", null, null)))
                .isFalse();
    }

    @Test
    void aChildWaitsForItsParentAndAParentForItsChildren() {
        Change child = insert(CHILD, "7", null, "1");

        assertThat(conflict(insert(PARENT, "1", null, null), child)).isTrue();
        assertThat(conflict(child, delete(PARENT, "1", null, null))).isTrue();
        assertThat(conflict(update(CHILD, "8", null, "1", null, "2"), delete(PARENT, "1", null, null)))
                .as("leaves it")
                .isTrue();
        assertThat(conflict(insert(PARENT, "2", null, null), child)).isFalse();
    }

    @Test
    void childrenOfOneParentDoNotHinderEachOtherNorItsOtherChanges() {
        Change child = insert(CHILD, "7", null, "1");

        assertThat(conflict(insert(CHILD, "8", null, "1"), child)).isFalse();
        assertThat(conflict(update(PARENT, "1", "x", null, "y", null), child)).isFalse();
        assertThat(conflict(update(CHILD, "8", "a", "1", "b", "1"), delete(PARENT, "1", null, null)))
                .as("a child that stays where it is tells nothing of its parent")
                .isFalse();
    }

    @Test
    void withoutOldRowsWhoeverMayGiveUpAUniqueValueWaitsForAllWhoTakeOne() {
        sets = sets(Set.of(), Set.of(), true);
        Change gives = deleteByKey(PARENT, "2");

        assertThat(conflict(gives, insert(PARENT, "1", "x", null))).isTrue();
        assertThat(conflict(gives, insert(PARENT, "1", null, null))).isFalse();
        assertThat(conflict(gives, deleteByKey(PARENT, "3"))).isFalse();
        assertThat(conflict(insert(PARENT, "1", "x", null), insert(PARENT, "2", "y", null)))
                .isFalse();
    }

    @Test
    void whereDeletingAParentChangesItsChildrenUnknownParentsConflictWithAllThatGo() {
        Change moves =
                new Change(CHILD.table(), Operation.UPSERT, new Key("8"), null, row(CHILD, "8", null, "2"), null, null);
        sets = sets(Set.of(), Set.of(), true);
        assertThat(conflict(moves, deleteByKey(PARENT, "1"))).isTrue();

        sets = sets(Set.of(), Set.of(), false);
        assertThat(conflict(moves, deleteByKey(PARENT, "1")))
                .as("the target refuses the delete, and it is tried again")
                .isFalse();
    }

    @Test
    void truncatesAndLargeTransactionsConflictWithEverything() {
        Change truncate = new Change(CHILD.table(), Operation.TRUNCATE, null, null, null, null);

        assertThat(set(truncate).isBarrier()).isTrue();
        assertThat(set(
                                insert(CHILD, "1", null, null),
                                insert(CHILD, "2", null, null),
                                insert(CHILD, "3", null, null),
                                insert(CHILD, "4", null, null))
                        .isBarrier())
                .isTrue();
        assertThat(set(insert(CHILD, "1", null, null)).isBarrier()).isFalse();
    }

    @Test
    void aRowThatIsOlderThanAColumnOfAUniqueKeyMayTakeAnyValue() {
        Row row = new Row(PARENT);
        row.set(0, "1");
        row.setYounger(1);
        row.set(2, null);

        assertThat(set(new Change(PARENT.table(), Operation.UPSERT, new Key("1"), Row.none(PARENT), row, null))
                        .isBarrier())
                .isTrue();
    }

    private boolean conflict(Change earlier, Change later) {
        WriteSet left = set(earlier);
        WriteSet right = set(later);
        if (left.isBarrier() || right.isBarrier()) {
            return true;
        }
        for (int i = 0; i < left.size(); i++) {
            for (int j = 0; j < right.size(); j++) {
                boolean both = left.element(i) == right.element(j);
                if (both && (left.access(i) == Access.WRITE || left.access(i) != right.access(j))) {
                    return true;
                }
            }
        }
        return false;
    }

    private WriteSet set(Change... changes) {
        return sets.of(new Transaction(new Lsn(1), Instant.EPOCH, List.of(changes), null));
    }

    private static WriteSets sets(Set<TableName> whole, Set<TableName> sliced, boolean cascades) {
        ForeignKey key = new ForeignKey(
                "f", CHILD.table().name(), List.of("parent"), PARENT.table().name(), List.of("id"), false, cascades);
        Catalog catalog = new Catalog(List.of(PARENT.table(), CHILD.table()), List.of(key));
        return new WriteSets(catalog, BOTH, new WriteSets.Images(whole, sliced, true), 3);
    }

    private static Layout layout(String name) {
        ColumnType number = new ColumnType(TypeKind.DECIMAL, "numeric", "numeric", -1, null);
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Layout(new Table(
                new TableName("s", name),
                List.of(
                        new Column("id", number, false, Generation.NONE, false),
                        new Column("code", text, true, Generation.NONE, false),
                        new Column("parent", number, true, Generation.NONE, false)),
                List.of("id"),
                List.of(new UniqueKey("u", List.of("code"), false, true)),
                ReplicaIdentity.DEFAULT));
    }

    private static Row row(Layout layout, String id, String code, String parent) {
        Row row = new Row(layout);
        row.set(0, id);
        row.set(1, code);
        row.set(2, parent);
        return row;
    }

    private static Change insert(Layout layout, String id, String code, String parent) {
        return new Change(
                layout.table(), Operation.UPSERT, new Key(id), Row.none(layout), row(layout, id, code, parent), null);
    }

    private static Change update(
            Layout layout, String id, String oldCode, String oldParent, String code, String parent) {
        return new Change(
                layout.table(),
                Operation.UPSERT,
                new Key(id),
                row(layout, id, oldCode, oldParent),
                row(layout, id, code, parent),
                null);
    }

    private static Change delete(Layout layout, String id, String code, String parent) {
        return new Change(layout.table(), Operation.DELETE, new Key(id), row(layout, id, code, parent), null, null);
    }

    private static Change deleteByKey(Layout layout, String id) {
        return new Change(layout.table(), Operation.DELETE, new Key(id), null, null, null);
    }
}
