package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.connectors.ChangefeedStatus.State;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a feed of the cluster's own, as its jobs go through their states. */
@ExtendWith(TestStack.class)
class CockroachChangefeedTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final String name = "feeds" + COUNT.incrementAndGet();
    private final PhaseDirection phase = new PhaseDirection("jobs", name, Direction.FAILBACK);
    private final Database postgres = TestStack.database(name);
    private FeedsFront front;
    private Database target;

    @AfterEach
    void close() throws IOException {
        if (front != null) {
            front.close();
        }
    }

    private CockroachChangefeed feed(String version, String table) throws SQLException {
        try (Connection connection = postgres.open()) {
            LedgerSchema.create(connection);
        }
        execute(FeedsFront.TABLES, "CREATE TABLE \"" + table + "\" (id INT8 PRIMARY KEY)");
        front = new FeedsFront(postgres.url(), "CockroachDB CCL " + version + " (stand-in)");
        target = Database.connect("target", front.url());
        return feed(table);
    }

    private CockroachChangefeed feed(String table) {
        return CockroachChangefeed.of(
                target, statement(table), TopicSettings.CONSISTENT, TestStack.bootstrapServers(), Map.of());
    }

    private ChangefeedStatement statement(String table) {
        return new ChangefeedStatement(
                phase,
                CockroachVersion.parse(target.version()),
                name,
                List.of(new TableName("public", table)),
                TestStack.bootstrapServers(),
                Map.of(),
                "1701102311425045162.0000000000",
                Duration.ofSeconds(1));
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private String one(String sql) throws SQLException {
        try (Connection connection = postgres.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private void becomes(String status) throws SQLException {
        execute("UPDATE stand_in.feeds SET status = '" + status + "' WHERE status NOT IN ('canceled', 'failed')");
    }

    @Test
    void aFeedThatFailedIsSaidToHaveFailedAlsoWhenTheClusterListsItNoMore() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        feed.deploy();
        assertThat(feed.status().state()).isEqualTo(State.RUNNING);

        execute("UPDATE stand_in.feeds SET status = 'failed', error = 'disk is full', high_water_timestamp ="
                + " 1701102311425045162.0000000007, ended_long_ago = true");
        ChangefeedStatus status = CockroachChangefeed.existing(target, phase).status();
        assertThat(status.state()).isEqualTo(State.FAILED);
        assertThat(status.reason()).contains("disk is full");
        assertThat(status.resolved()).contains("1701102311425045162.0000000007");
        assertThat(status.name()).isEqualTo("job " + one("SELECT job_id FROM stand_in.feeds"));

        execute("DELETE FROM stand_in.feeds");
        assertThat(feed.status().state()).isEqualTo(State.ABSENT);
    }

    @Test
    void aFeedThatSomebodyElseHasCancelledIsNoFeedThatNeverWas() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        feed.deploy();

        becomes("canceled");
        assertThat(feed.status().state()).isEqualTo(State.FAILED);
        assertThat(feed.status().reason()).contains("somebody has cancelled it");

        feed.deploy();
        assertThat(feed.status().state()).isEqualTo(State.RUNNING);
        assertThat(one("SELECT count(*) FROM stand_in.feeds")).isEqualTo("2");
    }

    @Test
    void aFeedThatTriesAgainIsNotTakenForOneThatHasFailed() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        feed.deploy();

        becomes("retry-running");
        assertThat(feed.status().state()).isEqualTo(State.STARTING);

        CompletableFuture<Void> deployed = CompletableFuture.runAsync(feed::deploy);
        int looks = front.looks();
        await().atMost(SOON).until(() -> front.looks() > looks + 2);
        becomes("running");
        deployed.get(30, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(one("SELECT count(*) FROM stand_in.feeds")).isEqualTo("1");
    }

    @Test
    void aFeedThatIsBeingCancelledHasEndedBeforeTheNextOneIsCreated() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        feed.deploy();
        becomes("cancel-requested");
        assertThatThrownBy(feed::resume).isInstanceOf(RefusedException.class).hasMessageContaining("cancel-requested");

        CompletableFuture<Void> deployed = CompletableFuture.runAsync(feed::deploy);
        for (String status : List.of("cancel-requested", "reverting")) {
            becomes(status);
            int looks = front.looks();
            await().atMost(SOON).until(() -> front.looks() > looks + 2);
            assertThat(one("SELECT count(*) FROM stand_in.feeds")).isEqualTo("1");
        }
        becomes("canceled");

        deployed.get(30, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(one("SELECT string_agg(status, ' ' ORDER BY job_id) FROM stand_in.feeds"))
                .isEqualTo("canceled running");
    }

    @Test
    void aFeedIsDeletedWhenItSendsNoMore() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        feed.deploy();

        CompletableFuture<Void> deleted = CompletableFuture.runAsync(feed::delete);
        int looks = front.looks();
        await().atMost(SOON).until(() -> front.looks() > looks + 3);
        assertThat(deleted).isNotDone();
        assertThat(one("SELECT status FROM stand_in.feeds")).isEqualTo("cancel-requested");

        becomes("reverting");
        deleted.get(30, java.util.concurrent.TimeUnit.SECONDS);
        assertThat(one("SELECT count(*) FROM _godwit.changefeed")).isEqualTo("0");
        becomes("canceled");
        assertThat(feed.status().state()).isEqualTo(State.ABSENT);
    }

    @Test
    void whatIsDeletedIsNoFeedThatHasFailedAlsoWhereKafkaConnectHasReadTheFeedInTheEnd() throws Exception {
        CockroachChangefeed own = feed("v24.3.1", "orders");
        own.deploy();
        becomes("canceled");
        ConnectClient connect = new ConnectClient(TestStack.connect().restUrl());
        connect.createStopped(
                phase.domain(),
                // Only its name matters here, and this one is accepted without a CockroachDB.
                DebeziumPostgres.configuration(ForwardSettings.of(
                        new PhaseDirection("jobs", name, Direction.FORWARD),
                        postgres,
                        List.of(new TableName("public", "orders")),
                        TestStack.bootstrapServers(),
                        TestStack.connect().restUrl())));
        await().atMost(SOON).until(() -> connect.status(phase.domain()).isPresent());
        ConnectChangefeed existing =
                ConnectChangefeed.existing(phase, TestStack.connect().restUrl());
        AutomaticChangefeed feed = new AutomaticChangefeed(own, existing, () -> existing);

        feed.delete();

        assertThat(existing.exists()).isFalse();
        assertThat(feed.status().state()).isEqualTo(State.ABSENT);
    }

    @Test
    void whereTheSinkWouldWriteQuotesIntoTheNameOfATopicKafkaConnectReadsTheFeed() throws Exception {
        for (String table : List.of("Orders", "order")) {
            CockroachChangefeed own = front == null ? feed("v25.3.0", table) : feed(table);
            assertThatThrownBy(own::deploy)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("\"" + table + "\"");
            assertThatThrownBy(new AutomaticChangefeed(
                            own,
                            ConnectChangefeed.existing(
                                    phase, TestStack.connect().restUrl()),
                            () -> {
                                throw new IllegalStateException("by Connect");
                            })::deploy)
                    .hasMessage("by Connect");
        }
        assertThat(one("SELECT count(*) FROM stand_in.feeds")).isEqualTo("0");
    }

    @Test
    void whereTheSinkCallsTopicsAsTheTablesAreCalledItIsUsed() throws Exception {
        CockroachChangefeed feed = feed("v25.4.0", "Orders");

        feed.deploy();

        assertThat(feed.status().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void anEarlierLedgerHasNoNotesAndThatIsNoError() throws Exception {
        CockroachChangefeed feed = feed("v24.3.1", "orders");
        execute("DROP TABLE _godwit.changefeed");
        assertThat(feed.status().state()).isEqualTo(State.ABSENT);
        feed.delete();

        feed.deploy();

        assertThat(one("SELECT count(*) FROM _godwit.changefeed WHERE job = (SELECT job_id FROM stand_in.feeds)"))
                .isEqualTo("1");
    }
}
