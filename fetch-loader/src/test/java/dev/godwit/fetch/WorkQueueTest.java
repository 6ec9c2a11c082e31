package dev.godwit.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.catalog.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkQueueTest {
    private static final TablePlan PARENT = plan("s.parent");
    private static final TablePlan CHILD = plan("s.child", "s.parent");

    private static TablePlan plan(String name, String... parents) {
        Set<TableName> names = Stream.of(parents).map(TableName::parse).collect(Collectors.toSet());
        return new TablePlan(TestDatabases.all(name), null, names, false);
    }

    private static WorkQueue queue() {
        Map<TablePlan, List<Shard>> shards = new LinkedHashMap<>();
        shards.put(CHILD, List.of(new Shard(CHILD, "")));
        shards.put(PARENT, List.of(new Shard(PARENT, "first"), new Shard(PARENT, "second")));
        return new WorkQueue(shards);
    }

    private static CompletableFuture<Shard> takeInBackground(WorkQueue queue) {
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
        WorkQueue queue = queue();
        Shard first = queue.take();
        Shard second = queue.take();
        assertThat(List.of(first, second)).extracting(Shard::table).containsOnly(PARENT);
        CompletableFuture<Shard> child = takeInBackground(queue);
        assertThat(queue.shardDone(first)).isFalse();
        assertThat(child).isNotDone();
        assertThat(queue.shardDone(second)).isTrue();
        assertThat(child).isNotDone();
        queue.tableDone(PARENT.name());
        await().until(child::isDone);
        assertThat(child.join().table()).isEqualTo(CHILD);
        assertThat(queue.take()).isNull();
    }

    @Test
    void stopWakesThoseWhoWait() throws InterruptedException {
        WorkQueue queue = queue();
        queue.take();
        queue.take();
        CompletableFuture<Shard> waiting = takeInBackground(queue);
        queue.stop();
        assertThat(waiting.join()).isNull();
        assertThat(queue.take()).isNull();
    }
}
