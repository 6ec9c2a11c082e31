package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
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
import dev.godwit.database.catalog.TableName;
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
        offsets.release(holder);
    }

    private void row(DebeziumAssembler assembler, String xid, String collection, long order, long lsn) {
        assembler.accept(
                origin(collection),
                new Event.TransactionRow(xid, collection, order, new Lsn(lsn), Meaning.WATERMARK, null, null));
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
        assembler.accept(
                origin("transaction"),
                new Event.TransactionEnd(xid, new Lsn(lsn), Instant.EPOCH, count, Map.of(collection, count)));
    }

    private Origin origin(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        return new Origin(partition, next.merge(partition, 1L, Long::sum) - 1);
    }
}
