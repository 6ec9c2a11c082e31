package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.BinlogPosition;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedLaterTest {
    private static final Table ITEM = table("item");
    private static final Table FRESH = table("fresh");
    private static final List<TableSlice> SLICES = List.of(slice(ITEM, null), slice(FRESH, "0/64"));

    private static final String ONE = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String TWO = "4f22ab58-71ca-11e1-9e33-c80aa9429562";
    private static final String THREE = "5033bc69-71ca-11e1-9e33-c80aa9429562";
    private static final RestartOffsets.Holder HOLDER = new RestartOffsets.Holder();

    @TempDir
    private Path directory;

    private final List<String> released = new ArrayList<>();
    private final Released filtered = LoadedLater.before(this::note, SLICES, Format.DEBEZIUM_POSTGRESQL);

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
        filtered.release(
                new Transaction(
                        new Lsn(99), Instant.EPOCH, List.of(), null, spilled().spilled()),
                HOLDER);

        assertThat(released).containsExactly("0/63 item item item");
    }

    /** Numbers of one server that were given late, and servers that the load has not seen at all. */
    @Test
    void fromMysqlChangesAreInTheLoadWhoseGtidsAreInItsSet() {
        Released mysql = LoadedLater.before(
                this::note,
                List.of(slice(ITEM, null), slice(FRESH, ONE + ":1-3:5," + TWO.toUpperCase(Locale.ROOT) + ":7")),
                Format.DEBEZIUM_MYSQL);
        long place = 0;
        for (String id : List.of(
                ONE + ":3", ONE + ":4", ONE + ":5", TWO + ":6", TWO + ":7", THREE + ":1", ONE + ":tag:1", ONE + ":6")) {
            mysql.release(mysqlTransaction(id, ++place, List.of(delete(ITEM), delete(FRESH)), null), HOLDER);
        }

        assertThat(released)
                .as("whatever their order in the log")
                .containsExactly(
                        "mysql-bin.000001:1 item",
                        "mysql-bin.000001:2 item fresh",
                        "mysql-bin.000001:3 item",
                        "mysql-bin.000001:4 item fresh",
                        "mysql-bin.000001:5 item",
                        "mysql-bin.000001:6 item fresh",
                        "mysql-bin.000001:7 item fresh",
                        "mysql-bin.000001:8 item fresh");
    }

    @Test
    void fromMysqlAlsoOfATransactionThatIsTooLargeForMemory() {
        Released mysql = LoadedLater.before(this::note, List.of(slice(FRESH, ONE + ":1-3")), Format.DEBEZIUM_MYSQL);
        mysql.release(mysqlTransaction(ONE + ":3", 1, List.of(), spilled().spilled()), HOLDER);
        mysql.release(mysqlTransaction(ONE + ":4", 2, List.of(), spilled().spilled()), HOLDER);

        assertThat(released)
                .containsExactly(
                        "mysql-bin.000001:1 item item item", "mysql-bin.000001:2 fresh item fresh item fresh item");
    }

    @Test
    void stopsAtATransactionOfWhichNobodyKnowsWhetherItIsInTheLoad() {
        Released mysql = LoadedLater.before(this::note, List.of(slice(FRESH, ONE + ":1-3")), Format.DEBEZIUM_MYSQL);
        for (String id : List.of("file=mysql-bin.000003,pos=197", ONE, ONE + ":1-2", "x:1", ONE + ":Not a tag:1")) {
            assertThatThrownBy(() -> mysql.release(mysqlTransaction(id, 1, List.of(delete(FRESH)), null), HOLDER))
                    .isInstanceOf(ApplyException.class)
                    .hasMessageContaining("\"" + id + "\"")
                    .hasMessageContaining("mysql-bin.000001:1")
                    .hasMessageContaining("has no GTID")
                    .hasMessageContaining("gtid_mode=ON");
        }
        assertThat(released).isEmpty();
    }

    @Test
    void isNotThereWhereAllTablesWereLoadedWithTheirPhase() {
        Released next = (transaction, holder) -> {};
        for (Format format : Format.values()) {
            assertThat(LoadedLater.before(next, List.of(slice(ITEM, null)), format))
                    .isSameAs(next);
        }
        assertThat(LoadedLater.before(next, SLICES, Format.CHANGEFEED))
                .as("failback begins with all tables at once")
                .isSameAs(next);
    }

    @Test
    void refusesWhatHasNotTheFormOfTheSource() {
        for (String place : List.of("yesterday", "", ONE + ":1-3", "16/B374D848/1", "-1/5", "100000000/0")) {
            assertRefused(place, Format.DEBEZIUM_POSTGRESQL, "is no LSN", "16/B374D848");
        }
        for (String place : List.of(
                "yesterday",
                "16/B374D848",
                ONE,
                ONE + ":",
                ONE + ":1-",
                ONE + ":3-1",
                ONE + ":0",
                ONE + ":1,",
                ONE + ":tag",
                "3e11fa47:1-3")) {
            assertRefused(place, Format.DEBEZIUM_MYSQL, "is no GTID set", "GTID set, such as");
        }
        assertRefused(" ", Format.DEBEZIUM_MYSQL, "is an empty GTID set", "GTID set, such as");
    }

    private static void assertRefused(String place, Format format, String problem, String form) {
        assertThatThrownBy(() -> LoadedPlace.of(slice(FRESH, place), format))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("s.fresh")
                .hasMessageContaining("\"" + place + "\"")
                .hasMessageContaining(problem)
                .satisfies(e -> assertThat(((RefusedException) e).remedy()).contains("loaded-at", "cdc_cursor", form));
    }

    private static Transaction mysqlTransaction(String id, long place, List<Change> changes, SpilledChanges spilled) {
        return new Transaction(id, new BinlogPosition("mysql-bin", 1, place), Instant.EPOCH, changes, null, spilled);
    }

    /** Three changes of each of the two tables. */
    private ChangeBuffer spilled() {
        ChangeBuffer buffer = new SpillSpace(directory.resolve("spill"), 0).newBuffer();
        for (int i = 0; i < 6; i++) {
            buffer.add(i, delete(i % 2 == 0 ? FRESH : ITEM));
        }
        buffer.seal();
        return buffer;
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
