package dev.godwit.apply.live;

import static dev.godwit.apply.live.DebeziumProducer.RowEvent.upsert;
import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.DeadLetters;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.apply.live.DebeziumProducer.RowEvent;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are changed while no applier runs, with records of the former types still in Kafka. */
@ExtendWith(LiveServers.class)
class FormerTablesTest {
    private static final Pattern WORD = Pattern.compile("--drained-change (change-[0-9a-f]{8})");

    @TempDir
    private Path directory;

    private LivePhase phase;

    @BeforeEach
    void openPhase() {
        phase = new LivePhase(directory);
        onBoth("ALTER TABLE s.item ADD COLUMN day date");
    }

    @AfterEach
    void closePhase() {
        phase.close();
    }

    @Test
    void anotherKindOfTypeIsRefusedBeforeAnythingIsWrittenAndGoesOnWithTheFormerOne() {
        applyFirstAndLeave(day(2, "20000"));
        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE timestamp");
        List<String> before = everything();

        RefusedException refused = refused(phase.config(LivePhase.LIMITS));

        assertThat(refused)
                .hasMessageContaining("column \"day\" of s.item was date and is timestamp without time zone");
        assertThat(refused.remedy()).contains("give the columns back what they were", "drain");
        assertThat(everything()).as("nothing was written").isEqualTo(before);

        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE date");
        Applier applier = phase.start();
        phase.awaitItems(2);
        assertThat(query(phase.target, "SELECT day FROM s.item WHERE id = 2")).containsExactly("2024-10-04");
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void theUsersWordThatEverythingWasAppliedHoldsForThatChangeAlone() {
        applyFirstAndLeave();
        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE timestamp");
        String word = word(refused(phase.config(LivePhase.LIMITS)));
        assertThat(refused(phase.config(LivePhase.LIMITS).afterDrainedChange("change-00000000")))
                .hasMessageContaining("change-00000000 is not about this change");

        Applier applier = phase.start(phase.config(LivePhase.LIMITS).afterDrainedChange(word));
        phase.debezium.transaction(day(2, "1728000000000000"));
        phase.debezium.flush();
        phase.awaitItems(2);
        assertThat(query(phase.target, "SELECT day FROM s.item WHERE id = 2")).containsExactly("2024-10-04 00:00:00");
        applier.close();
        phase.start(phase.config(LivePhase.LIMITS).in(ApplyMode.GROUPED)).close();

        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE date");
        ApplyConfig again = phase.config(LivePhase.LIMITS).in(ApplyMode.GROUPED).afterDrainedChange(word);
        assertThat(word(refused(again))).as("also in another mode").isNotEqualTo(word);
    }

    @Test
    void aColumnThatIsGoneIsRefusedUnlessItIsIgnored() {
        applyFirstAndLeave(day(2, "20000"));
        onBoth("ALTER TABLE s.item RENAME COLUMN day TO date");

        assertThat(refused(phase.config(LivePhase.LIMITS)))
                .hasMessageContaining(
                        "column \"day\" of s.item was date and is not there any more: dropped, or renamed");

        onBoth("ALTER TABLE s.item DROP COLUMN date");
        Applier applier = phase.start(ignoring("day"));
        phase.awaitItems(2);
        applier.close();
        phase.start().close();
    }

    @Test
    void newColumnsAndWiderTypesGoOn() {
        applyFirstAndLeave(upsert("other", 1, "narrow"));
        onBoth("ALTER TABLE s.other ALTER COLUMN id TYPE bigint, ADD COLUMN colour text DEFAULT 'grey'");

        Applier applier = phase.start();
        await().atMost(LivePhase.PATIENCE)
                .untilAsserted(() -> assertThat(query(phase.target, "SELECT name || colour FROM s.other"))
                        .containsExactly("narrowgrey"));
        assertThat(applier.failure()).isEmpty();
    }

    @Test
    void anotherPrimaryKeyIsRefused() {
        applyFirstAndLeave();
        onBoth("ALTER TABLE s.other DROP CONSTRAINT other_pkey, ADD PRIMARY KEY (id, name)");

        assertThat(refused(phase.config(LivePhase.LIMITS)))
                .hasMessageContaining("the primary key of s.other was (id) and is (id, name)");
    }

    @Test
    void whoHasWaitedWithTheFormerTypesDoesNotTakeOver() {
        List<Applier> both = List.of(phase.start(), phase.start());
        phase.debezium.transaction(upsert("item", 1, "first"));
        phase.debezium.flush();
        phase.awaitItems(1);
        // Who takes over looks at the tables again, but not at what it has read within the last second.
        await().pollDelay(Duration.ofMillis(1_100)).atMost(LivePhase.PATIENCE).until(() -> both.stream()
                .allMatch(a -> a.health().ready()));
        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE timestamp");
        // Kafka gives the domain to either of them, and may still move it to the one that came later: that one is then
        // the first to take over after the change, before anybody is closed.
        await().atMost(LivePhase.PATIENCE).until(() -> both.stream().anyMatch(a -> applies(a) || failed(a)));
        if (both.stream().noneMatch(FormerTablesTest::failed)) {
            both.stream().filter(FormerTablesTest::applies).findFirst().ifPresent(Applier::close);
        }

        await().atMost(LivePhase.PATIENCE).until(() -> both.stream().anyMatch(FormerTablesTest::failed));
        assertThat(both).filteredOn(FormerTablesTest::failed).allSatisfy(a -> assertThat(
                        a.failure().orElseThrow())
                .hasMessageContaining("has changed from date to timestamp without time zone"));
    }

    @Test
    void deadLettersOfTheFormerTypeStandInTheWay() {
        execute(phase.target, "ALTER TABLE s.item ADD CHECK (id <> 7)");
        ApplyConfig config = phase.config(ErrorPolicy.of(BadRows.DEAD_LETTER));
        Applier applier = phase.start(config);
        phase.debezium.transaction(day(7, "20000"));
        phase.debezium.transaction(upsert("item", 1, "first"));
        phase.debezium.flush();
        phase.awaitItems(1);
        applier.close();
        execute(phase.target, "ALTER TABLE s.item DROP CONSTRAINT item_id_check");
        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE timestamp");

        assertThat(refused(config)).hasMessageContaining("changes of [s.item] stand aside as dead letters");
        assertThatThrownBy(() -> DeadLetters.plan(config))
                .as("nor are they replayed by the new type")
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("column \"day\" of s.item was date and is timestamp without time zone");

        onBoth("ALTER TABLE s.item ALTER COLUMN day TYPE date");
        assertThat(DeadLetters.plan(config)).hasSize(1);
    }

    private static boolean failed(Applier applier) {
        return applier.failure().isPresent();
    }

    private static boolean applies(Applier applier) {
        return applier.health().reason().equals("applying");
    }

    private void applyFirstAndLeave(RowEvent... left) {
        Applier applier = phase.start();
        phase.debezium.transaction(upsert("item", 1, "first"));
        phase.debezium.flush();
        phase.awaitItems(1);
        applier.close();
        if (left.length > 0) {
            phase.debezium.transaction(left);
            phase.debezium.flush();
        }
    }

    private static RowEvent day(int id, String number) {
        return new RowEvent(
                "s", "item", "c", "{\"id\":" + id + "}", "{\"id\":" + id + ",\"name\":\"n\",\"day\":" + number + "}");
    }

    private RefusedException refused(ApplyConfig config) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> phase.start(config));
        assertThat(refused).isNotNull();
        return refused;
    }

    private static String word(RefusedException refused) {
        Matcher matcher = WORD.matcher(refused.remedy());
        assertThat(matcher.find()).as(refused.remedy()).isTrue();
        return matcher.group(1);
    }

    private ApplyConfig ignoring(String column) {
        ApplyConfig config = phase.config(LivePhase.LIMITS);
        return config.part(
                config.domain(),
                List.of(
                        new TableSlice(new TableName("s", "item"), Optional.empty(), Set.of(column), Optional.empty()),
                        new TableSlice(new TableName("s", "other"), Optional.empty())),
                config.topics(),
                config.limits());
    }

    private void onBoth(String sql) {
        execute(phase.source, sql);
        execute(phase.target, sql);
    }

    private List<String> everything() {
        List<String> all = query(
                phase.target,
                "SELECT domain || epoch || consistent_point || restart_offsets FROM _godwit.domain UNION ALL"
                        + " SELECT direction || mode || domains FROM _godwit.direction UNION ALL"
                        + " SELECT table_name || definition || version FROM _godwit.captured_table UNION ALL"
                        + " SELECT t::text FROM s.item t ORDER BY 1");
        all.add(phase.committed().toString());
        return all;
    }
}
