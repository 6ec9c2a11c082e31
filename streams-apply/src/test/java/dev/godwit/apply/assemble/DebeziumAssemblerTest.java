package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.BinlogPosition;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.decode.SchemaChangedException.Mismatch;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DebeziumAssemblerTest {
    private final RestartOffsets offsets = new RestartOffsets();
    private final List<Position> released = new ArrayList<>();
    private final List<String> applied = new ArrayList<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    @Test
    void releasesInTheOrderOfTheEndsWhenEverythingCountedHasCome() {
        DebeziumAssembler assembler = assembler(null);
        end(assembler, "7", 200, "s.a", 2);
        end(assembler, "6", 300, "s.b", 1);
        row(assembler, "6", "s.b", 1, 150);
        row(assembler, "7", "s.a", 1, 160);
        assertThat(released).isEmpty();
        row(assembler, "7", "s.a", 2, 170);

        assertThat(released).containsExactly(new Lsn(200), new Lsn(300));
        assertThat(assembler.openTransactions()).isZero();
    }

    @Test
    void dropsWhatComesAgain() {
        DebeziumAssembler assembler = assembler(null);
        for (int time = 0; time < 3; time++) {
            row(assembler, "7", "s.a", 1, 160);
            row(assembler, "7", "s.a", 2, 160);
            end(assembler, "7", 200, "s.a", 2);
        }

        assertThat(released).containsExactly(new Lsn(200));
        assertThat(assembler.openTransactions()).isZero();
    }

    @Test
    void takesAnIdThatIsUsedAgainForAnotherTransaction() {
        DebeziumAssembler assembler = assembler(null);
        row(assembler, "7", "s.a", 1, 160);
        end(assembler, "7", 200, "s.a", 1);
        row(assembler, "7", "s.a", 1, 960);
        end(assembler, "7", 1000, "s.a", 1);

        assertThat(released).containsExactly(new Lsn(200), new Lsn(1000));
    }

    @Test
    void forgetsDuplicatesOfAppliedTransactionsWhoseEndIsNotReadAgain() {
        DebeziumAssembler assembler = assembler(new Lsn(500));
        row(assembler, "7", "s.a", 1, 450);
        row(assembler, "8", "s.a", 1, 550);
        end(assembler, "8", 600, "s.a", 1);

        assertThat(released).containsExactly(new Lsn(600));
        assertThat(assembler.openTransactions()).isZero();
    }

    /** As when the connector was stopped in the middle, and captures one more table, b, when it goes on. */
    @Test
    void aTransactionThatComesAgainWithMoreTablesIsWholeWhateverComesFirst() {
        String[][] arrivals = {
            {"a1", "a2", "a1'", "a2'", "b'", "end'"},
            {"b'", "a1", "a2", "a1'", "a2'", "end'"},
            {"end'", "b'", "a1", "a2", "a1'", "a2'"},
            {"end'", "a1", "b'", "a1'", "a2'"},
            {"a1", "end'", "a1'", "b'", "a2'"},
        };
        for (String[] arrival : arrivals) {
            applied.clear();
            DebeziumAssembler assembler = assembler(null);
            for (String event : arrival) {
                boolean again = event.endsWith("'");
                switch (event.replace("'", "")) {
                    case "a1" -> data(assembler, "s.a", again ? 2 : 1, 1, new Lsn(150));
                    case "a2" -> data(assembler, "s.a", again ? 3 : 2, 2, new Lsn(160));
                    case "b" -> data(assembler, "s.b", 1, 1, new Lsn(140));
                    default -> end(assembler, "7", new Lsn(200), Map.of("s.a", 2L, "s.b", 1L));
                }
            }
            assertThat(applied).as(String.join(" ", arrival)).containsExactlyInAnyOrder("s.a 1", "s.a 2", "s.b 1");
            assertThat(applied.indexOf("s.a 1")).isLessThan(applied.indexOf("s.a 2"));
        }
    }

    /** A producer that has lost the second row, and sends all of it again. */
    @Test
    void whatComesLateTakesItsPlaceInTheTransaction() {
        DebeziumAssembler assembler = assembler(null);
        for (int order : new int[] {1, 3, 1, 2, 3}) {
            data(assembler, "s.a", order, order, new Lsn(150 + order));
        }
        end(assembler, "7", new Lsn(200), Map.of("s.a", 3L));

        assertThat(applied).containsExactly("s.a 1", "s.a 2", "s.a 3");
    }

    /** MySQL's connector sends the last transaction again when it goes on; the place of its END is that of the last row. */
    @Test
    void aTransactionThatHasEndedAndComesAgainWithMoreTablesIsNoOther() {
        String[][] arrivals = {
            {"a1", "a2", "end", "b'", "a1'", "a2'", "b2'", "end'"},
            {"end", "b'", "a1", "a2", "a1'", "a2'", "b2'", "end'"},
            {"end", "end'", "b'", "a1", "b2'", "a2", "a1'", "a2'"},
            {"end", "b'", "b2'", "end'", "a1", "a2", "a1'", "a2'"},
        };
        for (String[] arrival : arrivals) {
            applied.clear();
            DebeziumAssembler assembler = assembler(null);
            for (String event : arrival) {
                boolean again = event.endsWith("'");
                switch (event.replace("'", "")) {
                    case "a1" -> data(assembler, "s.a", again ? 2 : 1, 1, binlog(150));
                    case "a2" -> data(assembler, "s.a", again ? 3 : 2, 2, binlog(160));
                    case "b" -> data(assembler, "s.b", 1, 1, binlog(140));
                    case "b2" -> data(assembler, "s.b", 4, 2, binlog(170));
                    default ->
                        end(
                                assembler,
                                "7",
                                binlog(again ? 170 : 160),
                                again ? Map.of("s.a", 2L, "s.b", 2L) : Map.of("s.a", 2L));
                }
            }
            String what = String.join(" ", arrival);
            assertThat(applied).as(what).contains("s.a 1", "s.a 2").doesNotHaveDuplicates();
            assertThat(applied.indexOf("s.a 1")).as(what).isLessThan(applied.indexOf("s.a 2"));
            assertThat(assembler.openTransactions()).as(what).isZero();
            row(assembler, "8", "s.b", 1, binlog(300));
            end(assembler, "8", binlog(300), Map.of("s.b", 1L));
            assertThat(released).as(what).endsWith(binlog(160), binlog(300));
        }
    }

    private static Position binlog(long offset) {
        return BinlogPosition.of("mysql-bin.000003", offset);
    }

    private void data(
            DebeziumAssembler assembler, String collection, long order, long collectionOrder, Position position) {
        TableName name = TableName.parse(collection);
        Table table = new Table(
                name,
                List.of(new Column(
                        "id", new ColumnType(TypeKind.TEXT, "text", "text", -1, null), false, Generation.NONE, false)),
                List.of("id"),
                List.of(),
                ReplicaIdentity.DEFAULT);
        Change change = new Change(table, Operation.DELETE, new Key(String.valueOf(collectionOrder)), null, null, null);
        assembler.accept(
                origin(collection),
                new Event.TransactionRow(
                        "7", collection, order, collectionOrder, position, Meaning.DATA, change, null, position));
    }

    @Test
    void stopsWhereTheEndOfATransactionIsLost() {
        DebeziumAssembler assembler = assembler(new Lsn(500));
        row(assembler, "7", "s.a", 1, 550);
        row(assembler, "8", "s.a", 1, 650);

        assertThatThrownBy(() -> end(assembler, "8", 700, "s.a", 1))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("the end of transaction 7 is missing");
        assertThat(released).isEmpty();
    }

    @Test
    void stopsWhereARowIsLost() {
        DebeziumAssembler assembler = assembler(null);
        row(assembler, "7", "s.a", 1, 160);
        end(assembler, "7", 200, "s.a", 2);

        assertThatThrownBy(() -> row(assembler, "8", "s.a", 1, 260))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("lacks 1 event(s) of transaction 7");
    }

    @Test
    void passesOverRowsThatDoNotFitTheTablesAnyMoreIfTheyAreApplied() {
        DebeziumAssembler assembler = assembler(new Lsn(500));
        unreadable(assembler, "6", "s.b", 1, 140); // its END is not read again
        unreadable(assembler, "7", "s.a", 1, 160);
        row(assembler, "7", "s.a", 2, 161);
        end(assembler, "7", 200, "s.a", 2);
        row(assembler, "8", "s.b", 1, 550);
        end(assembler, "8", 600, "s.b", 1);
        unreadable(assembler, "7", "s.a", 1, 160);

        assertThat(released).containsExactly(new Lsn(600));
        assertThat(assembler.openTransactions()).isZero();
    }

    @Test
    void stopsAtARowThatDoesNotFitTheTablesOnceItIsToBeApplied() {
        DebeziumAssembler assembler = assembler(new Lsn(500));
        unreadable(assembler, "7", "s.a", 1, 450); // written before the consistent point, committed behind it
        row(assembler, "7", "s.a", 2, 550);

        assertThatThrownBy(() -> end(assembler, "7", 600, "s.a", 2))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("column \"note\" of s.a at s.a-0@0");
        assertThat(released).isEmpty();
        assertThatThrownBy(() -> unreadable(assembler, "8", "s.a", 1, 650)).isInstanceOf(SchemaChangedException.class);
        assertThatThrownBy(() -> unreadable(assembler(null), "8", "s.a", 1, 1))
                .isInstanceOf(SchemaChangedException.class);
    }

    private DebeziumAssembler assembler(Lsn consistentPoint) {
        return new DebeziumAssembler(
                new Slicer(Map.of()),
                offsets,
                new SpillSpace(Path.of("target", "no-spill"), Long.MAX_VALUE),
                new DomainState(1, consistentPoint, List.of(), Map.of(), Map.of()),
                this::release);
    }

    private void release(Transaction transaction, RestartOffsets.Holder holder) {
        released.add(transaction.position());
        transaction
                .changes()
                .forEach(change -> applied.add(
                        change.table().name() + " " + change.key().values().get(0)));
        offsets.release(holder);
    }

    private void row(DebeziumAssembler assembler, String xid, String collection, long order, long lsn) {
        row(assembler, xid, collection, order, new Lsn(lsn));
    }

    private void row(DebeziumAssembler assembler, String xid, String collection, long order, Position position) {
        assembler.accept(
                origin(collection),
                new Event.TransactionRow(xid, collection, order, position, Meaning.WATERMARK, null, null));
    }

    private void unreadable(DebeziumAssembler assembler, String xid, String collection, long order, long lsn) {
        Origin origin = origin(collection);
        assembler.acceptUnreadable(
                origin,
                new SchemaChangedException(
                                Mismatch.UNKNOWN_COLUMN, new TableName("s", "a"), "note", origin, "is not there")
                        .of(new Event.TransactionRow(xid, collection, order, new Lsn(lsn), Meaning.DATA, null, null)));
    }

    private void end(DebeziumAssembler assembler, String xid, long lsn, String collection, long count) {
        end(assembler, xid, new Lsn(lsn), Map.of(collection, count));
    }

    private void end(DebeziumAssembler assembler, String xid, Position position, Map<String, Long> counts) {
        long count = counts.values().stream().mapToLong(Long::longValue).sum();
        assembler.accept(origin("transaction"), new Event.TransactionEnd(xid, position, Instant.EPOCH, count, counts));
    }

    private Origin origin(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return new Origin(partition, next.merge(partition, 1L, Long::sum) - 1);
    }
}
