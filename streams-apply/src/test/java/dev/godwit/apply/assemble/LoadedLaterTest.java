package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.spill.ChangeBuffer;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedLaterTest {
    private static final Table ITEM = table("item");
    private static final Table FRESH = table("fresh");
    private static final List<TableSlice> SLICES = List.of(slice(ITEM, null), slice(FRESH, "0/64"));

    @TempDir
    private Path directory;

    private final List<String> released = new ArrayList<>();
    private final Released filtered = LoadedLater.before(this::note, SLICES);

    @Test
    void changesBeforeTheLoadOfTheirTableAreInIt() {
        for (long end : new long[] {99, 100, 101}) {
            filtered.release(
                    new Transaction(new Lsn(end), Instant.EPOCH, List.of(delete(ITEM), delete(FRESH)), null),
                    new RestartOffsets.Holder());
        }

        assertThat(released)
                .as("what commits at the checkpoint itself is not in the snapshot")
                .containsExactly("0/63 item", "0/64 item fresh", "0/65 item fresh");
    }

    @Test
    void alsoOfATransactionThatIsTooLargeForMemory() {
        ChangeBuffer buffer = new SpillSpace(directory.resolve("spill"), 0).newBuffer();
        for (int i = 0; i < 6; i++) {
            buffer.add(i, delete(i % 2 == 0 ? FRESH : ITEM));
        }
        buffer.seal();
        filtered.release(
                new Transaction(new Lsn(99), Instant.EPOCH, List.of(), null, buffer.spilled()),
                new RestartOffsets.Holder());

        assertThat(released).containsExactly("0/63 item item item");
    }

    @Test
    void isNotThereWhereAllTablesWereLoadedWithTheirPhase() {
        Released next = (transaction, holder) -> {};
        assertThat(LoadedLater.before(next, List.of(slice(ITEM, null)))).isSameAs(next);
    }

    @Test
    void refusesWhatIsNoPlaceInTheLogOfPostgresql() {
        assertThatThrownBy(() -> LoadedLater.check(List.of(slice(FRESH, "yesterday")), Format.DEBEZIUM_POSTGRESQL))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("s.fresh")
                .hasMessageContaining("yesterday");
        assertThatThrownBy(() -> LoadedLater.check(SLICES, Format.DEBEZIUM_MYSQL))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the source is MySQL");
    }

    private void note(Transaction transaction, RestartOffsets.Holder holder) {
        StringBuilder text = new StringBuilder(transaction.position().toString());
        transaction.changes().forEach(change -> text.append(' ')
                .append(change.table().name().name()));
        if (transaction.isSpilled()) {
            try (SpilledChanges.Reader reader = transaction.spilled().read(SpilledChanges.BEGINNING)) {
                for (Change change = reader.next(); change != null; change = reader.next()) {
                    text.append(' ').append(change.table().name().name());
                }
            }
        }
        released.add(text.toString());
    }

    private static Change delete(Table table) {
        return new Change(table, Operation.DELETE, new Key("1"), null, null, null);
    }

    private static TableSlice slice(Table table, String loadedAt) {
        return new TableSlice(table.name(), Optional.empty(), Set.of(), Optional.ofNullable(loadedAt));
    }

    private static Table table(String name) {
        ColumnType text = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Table(
                new TableName("s", name),
                List.of(new Column("id", text, false, Generation.NONE, false)),
                List.of("id"),
                List.of(),
                ReplicaIdentity.DEFAULT);
    }
}
