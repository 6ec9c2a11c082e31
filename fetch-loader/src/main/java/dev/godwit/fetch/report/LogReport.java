package dev.godwit.fetch.report;

import dev.godwit.fetch.FetchListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JSON lines, in the log too: so that {@code --log-file} has what happened, whatever the console shows. */
public final class LogReport {
    private LogReport() {}

    public static FetchListener create(Clock clock) {
        Logger logger = LoggerFactory.getLogger("dev.godwit.fetch");
        return new JsonReport(new PrintWriter(new StringWriter()), clock) {
            @Override
            void print(String level, String line) {
                if (level.equals("warn") || level.equals("error")) {
                    logger.warn(line);
                } else {
                    logger.info(line);
                }
            }
        };
    }
}
