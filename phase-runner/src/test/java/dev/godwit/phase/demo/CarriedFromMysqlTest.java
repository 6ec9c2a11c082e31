package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.local.StackSettings.Source;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseRunner;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What streams carry beside rows, from a real MySQL through real Kafka Connect. By hand: it takes a minute and a half. */
@EnabledIfSystemProperty(named = "godwit.carried.mysql", matches = "true")
@Timeout(600)
class CarriedFromMysqlTest {
    @TempDir
    private Path directory;

    @Test
    void newColumnsAreCarriedWithoutARestartAndATruncateStopsTheApplier() throws Exception {
        try (CarriedStack stack = new CarriedStack(Source.MYSQL)) {
            CarriedStack.Phase phase = stack.phase("columns", directory);
            phase.onSource("CREATE TABLE item (id INT PRIMARY KEY, note VARCHAR(50))");
            phase.onTarget("CREATE TABLE public.item (id INT PRIMARY KEY, note VARCHAR(50))");
            PhaseFile file = phase.file("{name: public.item}", "");
            try (PhaseRunner runner = phase.replicate(file)) {
                phase.onSource("INSERT INTO item VALUES (1, 'before'), (2, 'before')");
                phase.drain(file, CarriedStack.SOON);
                phase.onTarget(
                        "ALTER TABLE public.item ADD COLUMN colour VARCHAR(20) DEFAULT 'grey', ADD COLUMN size INT");
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
                assertThat(phase.askTarget("SELECT t::text FROM public.item t WHERE id = 5"))
                        .isEqualTo("(5,without,red,)");

                phase.onSource("TRUNCATE TABLE item");
                assertThat(phase.failure(runner)).contains("TRUNCATE", "delete the rows instead");
            }
        }
    }
}
