package dev.godwit.fetch.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.load.WorkQueue.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkQueueTest {
    private static final TableName PARENT = TableName.parse("s.parent");
    private static final TableName CHILD = TableName.parse("s.child");

    private static WorkQueue.Table<String> table(TableName name, Set<TableName> parents, String... pieces) {
        return new WorkQueue.Table<>(name, parents, 0, List.of(pieces));
    }

    private static WorkQueue<String> queue() {
        return new WorkQueue<>(
                List.of(table(CHILD, Set.of(PARENT), "all"), table(PARENT, Set.of(), "first", "second")),
                4,
                4,
                Long.MAX_VALUE);
    }

    private static <T> CompletableFuture<Work<T>> takeInBackground(WorkQueue<T> queue) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void childWaitsForEveryPieceOfItsParent() throws InterruptedException {
        WorkQueue<String> queue = queue();
        Work<String> first = queue.take();
        Work<String> second = queue.take();
        assertThat(List.of(first, second)).extracting(Work::table).containsOnly(PARENT);
        CompletableFuture<Work<String>> child = takeInBackground(queue);
        assertThat(queue.done(first)).isFalse();
        assertThat(child).isNotDone();
        assertThat(queue.done(second)).isTrue();
        assertThat(child).isNotDone();
        queue.tableDone(PARENT);
        await().atMost(Duration.ofSeconds(50)).until(child::isDone);
        assertThat(child.join().table()).isEqualTo(CHILD);
        assertThat(queue.take()).isNull();
    }

    @Test
    void neverMorePiecesOfATableOrMoreTablesThanAllowed() throws InterruptedException {
        TableName other = TableName.parse("s.other");
        WorkQueue<String> queue = new WorkQueue<>(
                List.of(table(PARENT, Set.of(), "1", "2", "3"), table(other, Set.of(), "")), 1, 2, Long.MAX_VALUE);
        Work<String> first = queue.take();
        Work<String> second = queue.take();
        CompletableFuture<Work<String>> third = takeInBackground(queue);
        assertThat(third).isNotDone();
        queue.done(first);
        assertThat(third.join().piece()).isEqualTo("3");
        queue.done(second);
        CompletableFuture<Work<String>> next = takeInBackground(queue);
        assertThat(next).isNotDone();
        assertThat(queue.done(third.join())).isTrue();
        queue.tableDone(PARENT);
        assertThat(next.join().table()).isEqualTo(other);
    }

    @Test
    void rowsThatNeedMuchMemoryTravelOneAtATime() throws InterruptedException {
        WorkQueue<String> queue = new WorkQueue<>(
                List.of(
                        new WorkQueue.Table<>(PARENT, Set.of(), 80, List.of("large", "large too")),
                        new WorkQueue.Table<>(CHILD, Set.of(), 10, List.of("small"))),
                4,
                4,
                100);
        Work<String> large = queue.take();
        assertThat(queue.take().piece()).isEqualTo("small");
        CompletableFuture<Work<String>> next = takeInBackground(queue);
        assertThat(next).isNotDone();
        queue.done(large);
        assertThat(next.join().piece()).isEqualTo("large too");
    }

    @Test
    void aRowLargerThanTheRoomTravelsAlone() throws InterruptedException {
        WorkQueue<String> queue =
                new WorkQueue<>(List.of(new WorkQueue.Table<>(PARENT, Set.of(), 1_000, List.of("huge"))), 4, 4, 100);
        assertThat(queue.take().piece()).isEqualTo("huge");
    }

    @Test
    void aTableWithoutPiecesHoldsNobodyUp() throws InterruptedException {
        WorkQueue<String> queue = new WorkQueue<>(
                List.of(table(PARENT, Set.of()), table(CHILD, Set.of(PARENT), "all")), 4, 4, Long.MAX_VALUE);
        assertThat(queue.take().table()).isEqualTo(CHILD);
        assertThat(queue.take()).isNull();
    }

    @Test
    void stopWakesThoseWhoWait() throws InterruptedException {
        WorkQueue<String> queue = queue();
        queue.take();
        queue.take();
        CompletableFuture<Work<String>> waiting = takeInBackground(queue);
        queue.stop();
        assertThat(waiting.join()).isNull();
    }
}
