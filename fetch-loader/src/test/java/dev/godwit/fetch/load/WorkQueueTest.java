package dev.godwit.fetch.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.catalog.TableName;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.shard.Shard;
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
        return new TablePlan(MappedTable.of(TestDatabases.all(name)), null, names, false);
    }

    private static WorkQueue queue() {
        Map<TablePlan, List<Shard>> shards = new LinkedHashMap<>();
        shards.put(CHILD, List.of(new Shard(CHILD, "")));
        shards.put(PARENT, List.of(new Shard(PARENT, "first"), new Shard(PARENT, "second")));
        return new WorkQueue(shards, 4, 4);
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
    void neverMoreShardsOfATableOrMoreTablesThanAllowed() throws InterruptedException {
        TablePlan other = plan("s.other");
        Map<TablePlan, List<Shard>> shards = new LinkedHashMap<>();
        shards.put(PARENT, List.of(new Shard(PARENT, "1"), new Shard(PARENT, "2"), new Shard(PARENT, "3")));
        shards.put(other, List.of(new Shard(other, "")));
        WorkQueue queue = new WorkQueue(shards, 1, 2);
        Shard first = queue.take();
        Shard second = queue.take();
        CompletableFuture<Shard> third = takeInBackground(queue);
        assertThat(third).isNotDone();
        queue.shardDone(first);
        assertThat(third.join().range()).isEqualTo("3");
        queue.shardDone(second);
        CompletableFuture<Shard> next = takeInBackground(queue);
        assertThat(next).isNotDone();
        assertThat(queue.shardDone(third.join())).isTrue();
        queue.tableDone(PARENT.name());
        assertThat(next.join().table()).isEqualTo(other);
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
