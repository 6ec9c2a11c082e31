package dev.godwit.phase.cli;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.godwit.apply.OperatorLog;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.LoggerFactory;

/** Shows the lines that are meant for operators on standard output, beside what the command itself says there. */
final class OperatorConsole extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final PrintWriter out;

    private OperatorConsole(PrintWriter out) {
        this.out = out;
    }

    /** From now on until it is closed. */
    static OperatorConsole show(PrintWriter out) {
        OperatorConsole console = new OperatorConsole(out);
        console.start();
        logger().addAppender(console);
        return console;
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(OperatorLog.NAME);
    }

    PrintWriter out() {
        return out;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String line = Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.SECONDS) + " "
                + Secrets.mask(event.getFormattedMessage());
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    @Override
    public void close() {
        logger().detachAppender(this);
        stop();
    }
}
