package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Row;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlicerTest {
    private static final ColumnType TEXT = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
    private static final Table TABLE = new Table(
            new TableName("s", "t"),
            List.of(
                    new Column("id", TEXT, false, Generation.NONE, false),
                    new Column("region", TEXT, true, Generation.NONE, false)),
            List.of("id"),
            List.of(),
            ReplicaIdentity.DEFAULT);
    private static final Layout LAYOUT = new Layout(TABLE);

    private final Slicer slicer = new Slicer(Map.of(TABLE.name(), RowFilter.parse("region = 'eu'", TABLE)));

    private static Row row(String region) {
        Row row = new Row(LAYOUT);
        row.set(0, "1");
        row.set(1, region);
        return row;
    }

    private static Change change(Operation operation, Row before, Row after) {
        return new Change(TABLE, operation, new Key("1"), before, after, null);
    }

    @Test
    void aRowOfTheSliceIsKept() {
        Change upsert = change(Operation.UPSERT, null, row("eu"));

        assertThat(slicer.slice(upsert)).isSameAs(upsert);
    }

    @Test
    void aRowThatMayHaveLeftTheSliceIsDeleted() {
        Change left = slicer.slice(change(Operation.UPSERT, null, row("us")));

        assertThat(left.operation()).isEqualTo(Operation.DELETE);
        assertThat(left.after()).isNull();
        assertThat(slicer.slice(change(Operation.UPSERT, row("eu"), row("us"))).operation())
                .isEqualTo(Operation.DELETE);
        assertThat(slicer.slice(change(Operation.DELETE, null, null)).operation())
                .isEqualTo(Operation.DELETE);
    }

    @Test
    void whatSurelyWasNeverInTheSliceIsNoConcernOfIts() {
        assertThat(slicer.slice(change(Operation.UPSERT, Row.none(LAYOUT), row("us"))))
                .isNull();
        assertThat(slicer.slice(change(Operation.UPSERT, row("us"), row("apac"))))
                .isNull();
        assertThat(slicer.slice(change(Operation.DELETE, row("us"), null))).isNull();
    }

    @Test
    void aRowWithoutTheFilteredColumnCannotBeJudged() {
        Row partial = new Row(LAYOUT);
        partial.set(0, "1");

        assertThatThrownBy(() -> slicer.slice(change(Operation.UPSERT, null, partial)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("column \"region\"")
                .hasMessageContaining("REPLICA IDENTITY FULL");
    }
}
