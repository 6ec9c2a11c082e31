package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseRunner;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What streams carry beside rows, from a real MySQL through real Kafka Connect. By hand: it takes two minutes. */
@EnabledIfSystemProperty(named = "godwit.carried.mysql", matches = "true")
@Timeout(600)
class CarriedFromMysqlTest {
    private static CarriedStack stack;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        stack = CarriedStack.fromMysqlWithForgetfulConnect();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    /** The runbook of docs/carried.md, while the source is written to; what comes since the tables were added comes twice. */
    @Test
    void aTableIsAddedToAPhaseThatReplicatesAlready() throws Exception {
        CarriedStack.Phase phase = stack.phase("added", directory);
        phase.onBoth("CREATE TABLE item (id INT PRIMARY KEY, note VARCHAR(50))");
        AddedTable added = new AddedTable(phase, "public");
        added.replicate();
        phase.onSource(
                "CREATE TABLE fresh (id INT PRIMARY KEY AUTO_INCREMENT, item INT NOT NULL, version INT NOT NULL)");
        phase.onTarget("CREATE TABLE fresh (id INT PRIMARY KEY, item INT NOT NULL, version INT NOT NULL)");
        added.add(() -> {}, "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3", stack::killConnect);
    }

    @Test
    void newColumnsAreCarriedWithoutARestart() throws Exception {
        CarriedStack.Phase phase = stack.phase("columns", directory);
        phase.onSource("CREATE TABLE item (id INT PRIMARY KEY, note VARCHAR(50))");
        phase.onTarget("CREATE TABLE public.item (id INT PRIMARY KEY, note VARCHAR(50))");
        PhaseFile file = phase.file("{name: public.item}", "");
        try (PhaseRunner runner = phase.replicate(file)) {
            phase.onSource("INSERT INTO item VALUES (1, 'before'), (2, 'before')");
            phase.drain(file, CarriedStack.SOON);
            phase.onTarget("ALTER TABLE public.item ADD COLUMN colour VARCHAR(20) DEFAULT 'grey', ADD COLUMN size INT");
            phase.onSource(
                    "INSERT INTO item VALUES (3, 'between')",
                    "ALTER TABLE item ADD COLUMN colour VARCHAR(20) DEFAULT 'grey', ADD COLUMN size INT",
                    "UPDATE item SET colour = 'blue', size = 2 WHERE id = 2",
                    "INSERT INTO item (id, note) VALUES (4, 'after')");
            phase.drain(file, CarriedStack.SOON);
            assertThat(runner.applierFailure()).isEmpty();
            assertThat(phase.askTarget("SELECT string_agg(t::text, ' ' ORDER BY id) FROM public.item t"))
                    .isEqualTo("(1,before,grey,) (2,before,blue,2) (3,between,grey,) (4,after,grey,)");

            phase.onSource("ALTER TABLE item DROP COLUMN size", "INSERT INTO item VALUES (5, 'without', 'red')");
            assertThat(phase.failure(runner)).contains("public.item.size: missing on the source");
        }
        PhaseFile ignoring = phase.file("{name: public.item}", ", ignore-columns: [public.item.size]");
        try (PhaseRunner runner = phase.replicate(ignoring)) {
            phase.drain(ignoring, CarriedStack.SOON);
            assertThat(runner.applierFailure()).isEmpty();
            assertThat(phase.askTarget("SELECT t::text FROM public.item t WHERE id = 5"))
                    .isEqualTo("(5,without,red,)");
        }
    }

    /** Nothing of MySQL's TRUNCATE but its GTID says that it is a transaction; and it must not come a second time behind rows that were inserted after it. */
    @Test
    void truncatesTakeTheirPlaceAmongTheRowsOnceAlsoWhenConnectSendsThemAgain() throws Exception {
        CarriedStack.Phase phase = stack.phase("truncates", directory);
        phase.onSource(
                "CREATE TABLE parent (id INT PRIMARY KEY, note VARCHAR(50))",
                "CREATE TABLE child (id INT PRIMARY KEY, parent INT NOT NULL, FOREIGN KEY (parent) REFERENCES parent (id))",
                "CREATE TABLE item (id INT PRIMARY KEY, region VARCHAR(2) NOT NULL, note VARCHAR(50))",
                "INSERT INTO parent VALUES (1, 'loaded'), (2, 'loaded')",
                "INSERT INTO child VALUES (1, 1), (2, 2)",
                "INSERT INTO item VALUES (1, 'eu', 'loaded'), (2, 'us', 'loaded')");
        phase.onTarget(
                "CREATE TABLE public.parent (id INT PRIMARY KEY, note VARCHAR(50))",
                "CREATE TABLE public.child (id INT PRIMARY KEY, parent INT NOT NULL REFERENCES public.parent)",
                "CREATE TABLE public.item (id INT PRIMARY KEY, region VARCHAR(2) NOT NULL, note VARCHAR(50))");
        PhaseFile file = phase.file(
                "{name: public.parent}, {name: public.child}, {name: public.item, filter: \"region = 'eu'\"}", "");
        try (PhaseRunner runner = phase.replicate(file)) {
            phase.onTarget("INSERT INTO public.item VALUES (1001, 'us', 'of another phase')");
            phase.onSource(
                    "INSERT INTO parent VALUES (3, 'goes')",
                    "INSERT INTO child VALUES (3, 3)",
                    "SET foreign_key_checks = 0", // else MySQL truncates no parents
                    "TRUNCATE child",
                    "TRUNCATE TABLE parent",
                    "SET foreign_key_checks = 1",
                    "INSERT INTO parent VALUES (1, 'again'), (3, 'again')",
                    "INSERT INTO child VALUES (1, 3)",
                    "INSERT INTO item VALUES (3, 'eu', 'goes')",
                    "TRUNCATE TABLE item",
                    "TRUNCATE TABLE item",
                    "INSERT INTO item VALUES (3, 'eu', 'again'), (4, 'us', 'never'), (5, 'eu', 'again')");
            phase.drain(file, CarriedStack.SOON);
            String epoch = phase.askTarget("SELECT epoch::text FROM _godwit.domain");
            long changes = runner.forwardCounts().changes();

            stack.killConnect(); // it has stored no place since it was deployed
            phase.onSource("INSERT INTO parent VALUES (4, 'later')", "INSERT INTO item VALUES (6, 'eu', 'later')");
            phase.drain(file, CarriedStack.SOON);

            assertThat(runner.applierFailure()).isEmpty();
            assertThat(phase.askTarget("SELECT string_agg(t::text, ' ' ORDER BY id) FROM public.parent t"))
                    .isEqualTo("(1,again) (3,again) (4,later)");
            assertThat(phase.askTarget("SELECT string_agg(t::text, ' ' ORDER BY id) FROM public.child t"))
                    .isEqualTo("(1,3)");
            assertThat(phase.askTarget("SELECT string_agg(t::text, ' ' ORDER BY id) FROM public.item t"))
                    .isEqualTo("(3,eu,again) (5,eu,again) (6,eu,later) (1001,us,\"of another phase\")");
            assertThat(runner.forwardCounts().changes() - changes)
                    .as("what came again was known")
                    .isLessThan(10);
            assertThat(phase.askTarget("SELECT epoch::text FROM _godwit.domain"))
                    .as("by the same applier")
                    .isEqualTo(epoch);
            assertThat(phase.messages("item", "\"op\":\"t\""))
                    .as("they did come again")
                    .isEqualTo(4);

            // Parents before their children, which MySQL leaves without a parent meanwhile.
            phase.onSource("SET foreign_key_checks = 0", "TRUNCATE parent", "TRUNCATE child");
            assertThat(phase.failure(runner)).contains("foreign key", "child");
        }
    }
}
