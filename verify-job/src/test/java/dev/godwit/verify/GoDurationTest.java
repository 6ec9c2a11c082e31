package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoDurationTest {

    @Test
    void readsWhatMoltsCommandLinesHave() {
        assertThat(GoDuration.parse("--x", "1h")).isEqualTo(Duration.ofHours(1));
        assertThat(GoDuration.parse("--x", "2m30s")).isEqualTo(Duration.ofSeconds(150));
        assertThat(GoDuration.parse("--x", "250MS")).isEqualTo(Duration.ofMillis(250));
        assertThat(GoDuration.parse("--x", "0")).isZero();
    }

    @Test
    void refusesWhatIsNoDuration() {
        for (String text : List.of("", "1", "h", "1d", "-1s", "1.5h", "1h ", "12345678901h")) {
            assertThatThrownBy(() -> GoDuration.parse("--x", text))
                    .describedAs(text)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("--x \"" + text + "\" is no duration");
        }
    }
}
