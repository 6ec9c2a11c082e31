package dev.godwit.phase.cli;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: the user's {@code --log-file}, or a file in the temporary directory, which is removed again unless it is needed to
 * understand a failure.
 *
 * <p>The console is for what commands have to say. Kafka, Connect and Debezium have much to say that helps only when something went wrong.
 */
final class LogFile {
    static final String OPTION = "--log-file";

    private static final String PROPERTY = "godwit.log.file";

    private final Path path;
    private volatile boolean kept;

    private LogFile(Path path, boolean kept) {
        this.path = path;
        this.kept = kept;
    }

    /** Must run before anything logs. Looks at the arguments by itself, as the commands are read later. */
    static LogFile choose(List<String> arguments) {
        String named = null;
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(OPTION + "=")) {
                named = arguments.get(i).substring(OPTION.length() + 1);
            } else if (arguments.get(i).equals(OPTION) && i + 1 < arguments.size()) {
                named = arguments.get(i + 1);
            }
        }
        try {
            // A temporary file is made for its owner's eyes only.
            LogFile chosen = named == null
                    ? new LogFile(Files.createTempFile("godwit-", ".log"), false)
                    : new LogFile(Path.of(named).toAbsolutePath(), true);
            System.setProperty(PROPERTY, chosen.path.toString());
            Runtime.getRuntime().addShutdownHook(new Thread(chosen::removeUnlessKept, "log-file"));
            return chosen;
        } catch (IOException e) {
            throw new UncheckedIOException("no log file can be made in " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    /** Keeps the file beyond the end of the process. @return how to name it to the user */
    String keep() {
        kept = true;
        return path.toString();
    }

    private void removeUnlessKept() {
        if (kept) {
            return;
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
        try {
            Files.deleteIfExists(path);
            for (int rolled = 1; rolled <= 3; rolled++) {
                Files.deleteIfExists(Path.of(path + "." + rolled));
            }
        } catch (IOException e) {
            System.err.println("the log file " + path + " could not be removed: " + e.getMessage());
        }
    }
}
