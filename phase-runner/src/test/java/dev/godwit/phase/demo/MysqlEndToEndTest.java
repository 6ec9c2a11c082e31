package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.RefusedException;
import dev.godwit.local.MysqlServer;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.Region;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo with a real MySQL as the source: a phase there and back under traffic, every write of the application looked for. */
@Timeout(900)
class MysqlEndToEndTest {
    @Test
    void aPhaseMovesFromMysqlToTheTargetAndBackWithoutLosingARow() throws Exception {
        Optional<RefusedException> missing = MysqlServer.whyNot();
        assumeTrue(missing.isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        StringWriter told = new StringWriter();
        DemoSettings settings =
                new DemoSettings(Source.MYSQL, Target.POSTGRESQL_STAND_IN, 4_000, 30, List.of(Region.EU), false, 7);
        DemoResult result = new Demo(settings, new Narrator(new PrintWriter(told))).run();
        assertThat(result.isPass()).as("%s%n%s", told, result.json()).isTrue();
        assertThat(told.toString()).contains("compared with the snapshot").contains("gtid_mode is ON");
    }
}
