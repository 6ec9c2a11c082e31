package dev.godwit.apply.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.decode.SchemaChangedException.Mismatch;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.database.catalog.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What changefeeds are known to do: repeat, leave gaps, promise twice, promise nothing. */
class ChangefeedAssemblerTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);

    private final RestartOffsets offsets = new RestartOffsets();
    private final List<String> released = new ArrayList<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    @Test
    void nothingIsReleasedBeforeEveryPartitionHasPromisedIt() {
        ChangefeedAssembler assembler = assembler(null);
        row(assembler, A, 20, "second");
        row(assembler, B, 10, "first");
        resolved(assembler, A, 30);
        assertThat(released).isEmpty();

        resolved(assembler, B, 15);
        assertThat(released).containsExactly("first");
        resolved(assembler, B, 30);

        assertThat(released).containsExactly("first", "second");
        assertThat(assembler.openTransactions()).isZero();
    }

    @Test
    void whatComesAgainInAnyOrderAndWithGapsIsReleasedOnce() {
        ChangefeedAssembler assembler = assembler(null);
        row(assembler, A, 10, "one");
        row(assembler, A, 20, "two");
        row(assembler, A, 10, "one"); // after an error of the sink a batch comes again
        resolved(assembler, A, 15);
        resolved(assembler, B, 15);
        row(assembler, A, 20, "two");
        row(assembler, A, 10, "one"); // behind the promise: it was sent before
        resolved(assembler, A, 25);
        resolved(assembler, B, 25);

        assertThat(released).containsExactly("one", "two");
    }

    @Test
    void promisesThatAreRepeatedOrSmallerOrNoneAreHarmless() {
        ChangefeedAssembler assembler = assembler(null);
        resolved(assembler, A, 0); // seen during long backfills (cockroach#72917)
        resolved(assembler, B, 0);
        row(assembler, B, 10, "one");
        resolved(assembler, A, 20);
        resolved(assembler, B, 20);
        resolved(assembler, B, 20);
        resolved(assembler, A, 5);
        row(assembler, A, 30, "two");
        resolved(assembler, B, 30);
        assertThat(released).containsExactly("one");
        resolved(assembler, A, 30);

        assertThat(released).containsExactly("one", "two");
    }

    @Test
    void afterARestartNothingAtOrBeforeTheConsistentPointIsAppliedAgain() {
        ChangefeedAssembler assembler = assembler(new HybridTimestamp(20, 0));
        row(assembler, A, 10, "old");
        row(assembler, A, 20, "applied");
        row(assembler, A, 21, "new");
        resolved(assembler, A, 20);
        resolved(assembler, B, 20);
        assertThat(released).isEmpty();
        resolved(assembler, A, 21);
        resolved(assembler, B, 21);

        assertThat(released).containsExactly("new");
    }

    @Test
    void aBackfillHasATimeOfItsOwnRightBehindAPromise() {
        // as recorded: the promise has the greatest logical part, the rows come with the next nanosecond
        ChangefeedAssembler assembler = assembler(null);
        HybridTimestamp promise = HybridTimestamp.parse("1795344032985695737.2147483647");
        HybridTimestamp backfill = HybridTimestamp.parse("1795344032985695738.0000000000");
        assembler.accept(origin(A), new Event.Resolved(promise));
        assembler.accept(origin(B), new Event.Resolved(promise));
        assembler.accept(origin(A), new Event.TimestampedRow(backfill, Meaning.WATERMARK, null, "backfilled"));
        assertThat(released).isEmpty();
        assembler.accept(origin(A), new Event.Resolved(backfill));
        assembler.accept(origin(B), new Event.Resolved(backfill));

        assertThat(released).containsExactly("backfilled");
    }

    @Test
    void aRowThatDoesNotFitTheTablesAnyMoreIsPassedOverIfItIsAppliedAndStopsItElse() {
        ChangefeedAssembler assembler = assembler(new HybridTimestamp(20, 0));
        unreadable(assembler, 20);

        assertThatThrownBy(() -> unreadable(assembler, 21)).isInstanceOf(SchemaChangedException.class);
        assertThat(assembler.openTransactions()).isZero();
    }

    private void unreadable(ChangefeedAssembler assembler, long updated) {
        Origin origin = origin(A);
        assembler.acceptUnreadable(
                origin,
                new SchemaChangedException(
                                Mismatch.UNKNOWN_COLUMN, new TableName("s", "a"), "note", origin, "is not there")
                        .of(new Event.TimestampedRow(new HybridTimestamp(updated, 0), Meaning.DATA, null, null)));
    }

    private ChangefeedAssembler assembler(HybridTimestamp consistentPoint) {
        return new ChangefeedAssembler(
                new Slicer(Map.of()),
                offsets,
                new SpillSpace(Path.of("target", "no-spill"), Long.MAX_VALUE),
                change -> 0,
                List.of(A, B),
                consistentPoint,
                this::release);
    }

    private void release(Transaction transaction, RestartOffsets.Holder holder) {
        if (transaction.marker() != null) {
            released.add(transaction.marker());
        }
        offsets.release(holder);
    }

    private void row(ChangefeedAssembler assembler, TopicPartition partition, long updated, String marker) {
        assembler.accept(
                origin(partition),
                new Event.TimestampedRow(new HybridTimestamp(updated, 0), Meaning.WATERMARK, null, marker));
    }

    private void resolved(ChangefeedAssembler assembler, TopicPartition partition, long promise) {
        assembler.accept(origin(partition), new Event.Resolved(new HybridTimestamp(promise, 0)));
    }

    private Origin origin(TopicPartition partition) {
        return new Origin(partition, next.merge(partition, 1L, Long::sum));
    }
}
