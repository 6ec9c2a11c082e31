package dev.godwit.phase.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.ApplyMode;
import dev.godwit.phase.demo.Narrator;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The modes in which several appliers work at once, in processes of their own, on the whole local stack. */
@Timeout(600)
class ModesSoakTest {
    /** To groups Connect is what it is to the whole, which {@link SoakTest} restarts it for. */
    private static List<Fault> faults(ApplyMode mode) {
        return mode == ApplyMode.GROUPED
                ? List.of(Fault.APPLIER_KILLED, Fault.APPLIER_FROZEN)
                : List.of(Fault.APPLIER_KILLED, Fault.APPLIER_FROZEN, Fault.CONNECT_RESTARTED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ApplyMode.class,
            names = {"GROUPED", "IMMEDIATE"})
    void survivesKilledAndFrozenAppliersWithoutALossAndWithoutAStepBack(ApplyMode mode) throws Exception {
        List<Fault> faults = faults(mode);
        SoakSettings settings =
                new SoakSettings(mode, Duration.ofMinutes(1), Duration.ofSeconds(2), faults, false, 7, 40);
        SoakResult result = new Soak(settings, new Narrator(new PrintWriter(Writer.nullWriter()))).run();

        assertThat(result.problems()).isEmpty();
        assertThat(result.faults().values().stream().mapToInt(count -> count).sum())
                .isEqualTo(faults.size());
        assertThat(result.reads()).isGreaterThan(100);
        assertThat(result.rowsCompared()).isGreaterThan(1_000);
        assertThat(result.json()).contains("\"mode\":\"" + mode.label() + "\"");
    }
}
