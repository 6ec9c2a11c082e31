package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.TableName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter terminal = new StringWriter();
    private final ProgressLine progress = ProgressLine.on(new PrintWriter(terminal));

    @Test
    void writesOneLineOverAndOverAndLeavesNothingBehind() {
        progress.started(2);
        progress.finished(new TableName("s", "a"), 1_234_567);
        progress.finished(new TableName("s", "b"), 3);
        progress.clear();

        List<String> lines = List.of(terminal.toString().split("\r"));
        assertThat(terminal.toString()).doesNotContain("\n").endsWith("\r");
        assertThat(lines.get(1)).startsWith("verifying: 0 of 2 tables, 0 rows");
        assertThat(lines.get(3)).startsWith("verifying: 2 of 2 tables, 1,234,570 rows");
        assertThat(lines.get(lines.size() - 1))
                .isBlank()
                .hasSizeGreaterThanOrEqualTo(lines.get(3).stripTrailing().length());
    }
}
