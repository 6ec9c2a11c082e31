package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.delete;
import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.DeadLetters;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.deadletter.DeadLetter;
import dev.godwit.apply.deadletter.DeadLetter.Reason;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows that the target does not take, put aside and replayed, on a real broker and a real database. */
@ExtendWith(LiveServers.class)
class DeadLetterTest {
    private static final ErrorPolicy TRANSACTIONS = ErrorPolicy.of(BadRows.DEAD_LETTER);
    private static final ErrorPolicy ROWS = ErrorPolicy.of(BadRows.DEAD_LETTER_ROW);

    @TempDir
    private Path directory;

    private LivePhase phase;

    @BeforeEach
    void openPhase() {
        phase = new LivePhase(directory);
        execute(phase.target, "ALTER TABLE s.item ADD CONSTRAINT good CHECK (name <> 'bad')");
    }

    @AfterEach
    void closePhase() {
        phase.close();
    }

    @Test
    void putsTheWholeTransactionAsideAndAppliesAllOthers() {
        Applier applier = phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 1, "before"));
        phase.debezium.transaction(upsert("other", 1, "along"), upsert("item", 2, "bad"), delete("item", 1));
        phase.debezium.transaction(upsert("item", 3, "after"));
        phase.debezium.flush();

        awaitValue("SELECT string_agg(name, ' ' ORDER BY id) FROM s.item", "before after");
        assertThat(query(phase.target, "SELECT count(*) FROM s.other")).containsExactly("0");
        awaitValue("SELECT count(*) FROM _godwit.applied", "0");
        assertThat(letters())
                .extracting(letter -> letter.table().name() + " " + letter.key().orElseThrow() + " "
                        + letter.cause().reason())
                .containsExactly("other (1) SAME_TRANSACTION", "item (2) BAD_ROW", "item (1) SAME_TRANSACTION");
        assertThat(letters().get(1).cause().sqlState()).contains("23514");
        assertThat(applier.failure()).isEmpty();
        assertThat(applier.statistics().standingAside()).isEqualTo(3);
        assertThat(applier.statistics().transactions()).isEqualTo(2);
        assertThat(applier.statistics().waitingTransactions()).isZero();
        assertThat(applier.statistics().waitingRows()).isZero();
    }

    @Test
    void keepsTheRecordAsItCameAndSaysInHeadersWhereFromAndWhy() {
        phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.flush();
        awaitLetters(1);

        ConsumerRecord<String, String> original = records("s.item").get(0);
        ConsumerRecord<String, String> letter = records("dead-letters").get(0);
        assertThat(letter.value()).isEqualTo(original.value());
        assertThat(header(letter, "key")).isEqualTo(original.key());
        String position = letters().get(0).position().toString();
        assertThat(letter.key()).isEqualTo(position + ":1");
        assertThat(header(letter, "topic")).isEqualTo(original.topic());
        assertThat(header(letter, "partition")).isEqualTo("0");
        assertThat(header(letter, "offset")).isEqualTo(Long.toString(original.offset()));
        assertThat(header(letter, "table")).isEqualTo("s.item");
        assertThat(header(letter, "position")).isEqualTo(position);
        assertThat(header(letter, "sqlstate")).isEqualTo("23514");
        assertThat(header(letter, "reason")).isEqualTo("BAD_ROW");
        assertThat(header(letter, "message")).contains("violates check constraint");
        assertThat(header(letter, "time")).isNotEmpty();
    }

    @Test
    void putsOnlyTheRowAsideWhereTheUserChoseThat() {
        phase.start(ROWS);
        phase.debezium.transaction(
                upsert("other", 1, "along"),
                upsert("item", 2, "bad"),
                upsert("item", 3, "good"),
                upsert("item", 4, "bad"));
        phase.debezium.flush();

        awaitValue("SELECT string_agg(id || name, ' ') FROM s.item", "3good");
        assertThat(query(phase.target, "SELECT name FROM s.other")).containsExactly("along");
        assertThat(letters())
                .extracting(letter -> letter.number() + " " + letter.key().orElseThrow())
                .containsExactlyInAnyOrder("2 (2)", "4 (4)");
    }

    @Test
    void findsEachBadTransactionInAMergedBatch() {
        for (int id = 1; id <= 300; id++) {
            phase.debezium.transaction(upsert("item", id, id % 60 == 0 ? "bad" : "n" + id));
        }
        phase.debezium.flush();
        Applier applier = phase.start(TRANSACTIONS);

        phase.awaitItems(295);
        awaitLetters(5);
        assertThat(letters())
                .extracting(letter -> letter.key().orElseThrow().toString())
                .containsExactly("(60)", "(120)", "(180)", "(240)", "(300)");
        awaitValue("SELECT count(*) FROM _godwit.applied", "0");
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void putsLaterChangesOfTheSameRowAsideTooAndReplaysThemInOrder() {
        phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.flush();
        awaitLetters(1); // else the next one may come into the same batch, and the bad value is never written
        phase.debezium.transaction(upsert("item", 2, "newer"), upsert("item", 3, "along"));
        phase.debezium.transaction(upsert("item", 3, "newest"));
        phase.debezium.transaction(upsert("item", 4, "independent"));
        phase.debezium.flush();
        awaitValue("SELECT string_agg(name, ' ') FROM s.item", "independent");
        List<DeadLetter> letters = letters();
        assertThat(letters)
                .extracting(letter -> letter.cause().reason())
                .containsExactly(
                        Reason.BAD_ROW, Reason.DEPENDS_ON_EARLIER, Reason.SAME_TRANSACTION, Reason.DEPENDS_ON_EARLIER);
        assertThat(letters.get(1).cause().dependsOn()).contains(letters.get(0).position());

        Report still = replay(TRANSACTIONS);
        assertThat(still.replayed).isZero();
        assertThat(still.failed).hasSize(3);
        assertThat(still.failed.get(1)).contains("before it, which changes the same row, stays aside");
        assertThat(query(phase.target, "SELECT count(*) FROM s.item")).containsExactly("1");

        execute(phase.target, "ALTER TABLE s.item DROP CONSTRAINT good");
        assertThat(DeadLetters.plan(phase.config(TRANSACTIONS)).get(phase.domain))
                .hasSize(3);
        assertThat(replay(TRANSACTIONS).replayed).isEqualTo(4);
        awaitValue("SELECT string_agg(id || name, ' ' ORDER BY id) FROM s.item", "2newer 3newest 4independent");
        assertThat(letters()).allMatch(letter -> letter.replayedAt().isPresent());

        phase.debezium.transaction(upsert("item", 2, "after the replay"));
        phase.debezium.flush();
        awaitValue("SELECT name FROM s.item WHERE id = 2", "after the replay");
        assertThat(letters()).hasSize(4);
        assertThat(replay(TRANSACTIONS).replayed)
                .as("nothing is replayed twice")
                .isZero();
        assertThat(query(phase.target, "SELECT name FROM s.item WHERE id = 2")).containsExactly("after the replay");
    }

    @Test
    void aReplayThatBrokeOffBetweenItsTwoHalvesIsFinishedByTheNext() {
        phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.flush();
        awaitLetters(1);
        // The first half: rows and record are in, the letter does not say so yet.
        Position position = letters().get(0).position();
        execute(phase.target, "ALTER TABLE s.item DROP CONSTRAINT good");
        execute(phase.target, "INSERT INTO s.item VALUES (2, 'replayed and changed since')");
        execute(
                phase.target,
                "INSERT INTO _godwit.applied SELECT '" + DeadLetterReplay.targetDomain(phase.domain) + "', '" + position
                        + "', " + otherColumnsOfApplied(position));

        assertThat(replay(TRANSACTIONS).replayed).isZero();
        assertThat(query(phase.target, "SELECT name FROM s.item")).containsExactly("replayed and changed since");
        assertThat(letters()).allMatch(letter -> letter.replayedAt().isPresent());
        assertThat(query(phase.target, "SELECT count(*) FROM _godwit.applied")).containsExactly("0");
    }

    private static String otherColumnsOfApplied(Position position) {
        return "'" + position + "', 1, 1";
    }

    @Test
    void childrenOfARowThatStandsAsideFollowItWhereAForeignKeyRefusesThem() {
        execute(phase.target, "ALTER TABLE s.other ADD CONSTRAINT parent FOREIGN KEY (id) REFERENCES s.item");
        phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.transaction(upsert("other", 2, "its child"));
        phase.debezium.transaction(upsert("item", 3, "good"));
        phase.debezium.flush();
        awaitLetters(2);
        assertThat(letters().get(1).cause().sqlState()).contains("23503");

        execute(phase.target, "ALTER TABLE s.item DROP CONSTRAINT good");
        assertThat(replay(TRANSACTIONS).replayed).isEqualTo(2);
        assertThat(query(phase.target, "SELECT name FROM s.other")).containsExactly("its child");
    }

    @Test
    void theNextApplierKnowsWhatStandsAsideAlsoWhenItsPolicyIsToStop() {
        Applier first = phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.flush();
        awaitLetters(1);
        first.close();
        Applier second = phase.start();
        phase.debezium.transaction(upsert("item", 5, "independent"));
        phase.debezium.transaction(upsert("item", 2, "newer"));
        phase.debezium.flush();

        assertThat(phase.awaitFailure(second))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("stands aside")
                .hasMessageContaining("godwit apply dead-letters replay");
        assertThat(query(phase.target, "SELECT name FROM s.item")).containsExactly("independent");
    }

    @Test
    void lettersOfATransactionThatWasNotRecordedAreForgottenAndSentAgainUnderTheSameKey() {
        Applier first = phase.start(TRANSACTIONS);
        phase.debezium.transaction(upsert("item", 1, "before"));
        phase.debezium.flush();
        phase.awaitItems(1);
        // As if it had died right after the letter was noted, before the transaction was recorded as applied.
        execute(
                phase.target,
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE ="
                        + " ''XX000''; END'");
        execute(
                phase.target,
                "CREATE TRIGGER die BEFORE INSERT ON _godwit.applied FOR EACH ROW EXECUTE FUNCTION die()");
        phase.debezium.transaction(upsert("item", 2, "bad"));
        phase.debezium.flush();
        phase.awaitFailure(first);
        first.close();
        assertThat(query(phase.target, "SELECT count(*) FROM _godwit.dead_letter"))
                .containsExactly("1");
        assertThat(letters()).as("it is not put aside until it is recorded").isEmpty();

        execute(phase.target, "DROP TRIGGER die ON _godwit.applied");
        phase.start(TRANSACTIONS);
        awaitLetters(1);
        assertThat(records("dead-letters"))
                .extracting(ConsumerRecord::key)
                .hasSize(2)
                .containsOnly(letters().get(0).position() + ":1");
    }

    @Test
    void stopsWhenTooManyChangesStandAside() {
        Applier applier = phase.start(new ErrorPolicy(BadRows.DEAD_LETTER, 100, 3));
        for (int id = 1; id <= 10; id++) {
            phase.debezium.transaction(upsert("item", id, "bad"));
        }
        phase.debezium.flush();

        assertThat(phase.awaitFailure(applier)).hasMessageContaining("more than 3 changes would stand aside");
        assertThat(letters()).hasSize(3);
    }

    private List<DeadLetter> letters() {
        return DeadLetters.list(phase.target, phase.domain);
    }

    private void awaitLetters(int count) {
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(letters()).hasSize(count));
    }

    private void awaitValue(String sql, String value) {
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, sql)).containsExactly(value));
    }

    private static final class Report implements DeadLetterReplay.Listener {
        private int replayed;
        private final List<String> failed = new ArrayList<>();

        @Override
        public void replayed(Position position, int letters) {
            replayed += letters;
        }

        @Override
        public void failed(Position position, int letters, String why) {
            failed.add(why);
        }
    }

    private Report replay(ErrorPolicy errors) {
        Report report = new Report();
        DeadLetters.replay(phase.config(errors), report);
        return report;
    }

    private static String header(ConsumerRecord<String, String> letter, String name) {
        return new String(letter.headers().lastHeader("godwit." + name).value(), StandardCharsets.UTF_8);
    }

    private List<ConsumerRecord<String, String>> records(String topic) {
        Map<String, Object> settings = Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                LiveServers.kafka().bootstrapServers());
        TopicPartition partition = phase.partition(topic);
        List<ConsumerRecord<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }
}
