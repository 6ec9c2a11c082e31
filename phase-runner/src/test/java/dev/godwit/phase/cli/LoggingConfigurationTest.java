package dev.godwit.phase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.status.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingConfigurationTest {
    @TempDir
    private Path directory;

    /** Otherwise every command begins by printing what is wrong with it. */
    @Test
    void isReadWithoutWarnings() throws Exception {
        LoggerContext context = new LoggerContext();
        context.putProperty("godwit.log.file", directory.resolve("godwit.log").toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(getClass().getResource("/logback.xml"));
            assertThat(context.getStatusManager().getCopyOfStatusList())
                    .allMatch(status -> status.getEffectiveLevel() == Status.INFO);
        } finally {
            context.stop();
        }
    }
}
