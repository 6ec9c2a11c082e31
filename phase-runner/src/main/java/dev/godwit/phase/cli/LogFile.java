package dev.godwit.phase.cli;

import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: the user's {@code --log-file}, or a file in the temporary directory, which is removed again unless it is needed to
 * understand a failure.
 *
 * <p>The console is for what commands have to say. Kafka, Connect and Debezium have much to say that helps only when something went wrong.
 */
final class LogFile {
    static final String OPTION = "--log-file";

    static final String LEVEL_OPTION = "--logging";

    /** Another word for the same. */
    static final String LEVEL_OPTION_TOO = "--log-level";

    private static final String PROPERTY = "godwit.log.file";
    private static final String LEVEL_PROPERTY = "godwit.log.level";
    private static final String STDOUT = "stdout";
    private static final String STDOUT_PROPERTY = "godwit.log.stdout";
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");

    private final Path path;
    private volatile boolean kept;

    private LogFile(Path path, boolean kept) {
        this.path = path;
        this.kept = kept;
    }

    /** Must run before anything logs. Looks at the arguments by itself, as the commands are read later. */
    static LogFile choose(List<String> arguments) {
        String named = value(arguments, OPTION);
        String level = value(arguments, LEVEL_OPTION);
        level = level == null ? value(arguments, LEVEL_OPTION_TOO) : level;
        if (level != null && LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
            System.setProperty(LEVEL_PROPERTY, level.toUpperCase(Locale.ROOT));
        }
        if (STDOUT.equals(named)) {
            System.setProperty(STDOUT_PROPERTY, "ALL");
            named = null;
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

    private static String value(List<String> arguments, String option) {
        String value = null;
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(option + "=")) {
                value = arguments.get(i).substring(option.length() + 1);
            } else if (arguments.get(i).equals(option) && i + 1 < arguments.size()) {
                value = arguments.get(i + 1);
            }
        }
        return value;
    }

    /** Whether it is a level that {@link #LEVEL_OPTION} takes. */
    static boolean isLevel(String text) {
        return LEVELS.contains(text.toLowerCase(Locale.ROOT));
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
