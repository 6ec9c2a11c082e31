package dev.godwit.phase.cli;

import dev.godwit.connectors.ConnectorFailedException;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchFailedException;
import dev.godwit.phase.run.PhaseFailedException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one or two lines what went wrong; stack traces go to the log file alone. */
final class ErrorReport {
    private static final Logger LOG = LoggerFactory.getLogger("godwit.failure");

    /** As a shell tells the end by Ctrl-C. */
    private static final int INTERRUPTED = 130;

    private final Supplier<String> keepLogFile;

    ErrorReport(Supplier<String> keepLogFile) {
        this.keepLogFile = keepLogFile;
    }

    int ofExecution(Exception failure, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        if (isInterruption(failure)) {
            LOG.info("interrupted", failure);
            err.println("stopped");
            err.flush();
            return INTERRUPTED;
        }
        RefusedException refused = refusal(failure);
        if (refused != null) {
            LOG.info("refused", failure);
            err.println(Secrets.mask("error: " + refused.getMessage()));
            err.println(Secrets.mask("remedy: " + refused.remedy()));
            err.flush();
            return ExitCode.USAGE;
        }
        LOG.error("the command failed", failure);
        err.println(Secrets.mask("error: " + describe(failure)));
        remedy(failure).ifPresent(remedy -> err.println(Secrets.mask("remedy: " + remedy)));
        err.println("the log has more: " + keepLogFile.get());
        err.flush();
        return ExitCode.SOFTWARE;
    }

    /** Some failures of an interrupted thread do not say so. */
    private static boolean isInterruption(Throwable failure) {
        if (Thread.currentThread().isInterrupted()) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /** Looks through causes: a refusal from a worker thread comes wrapped. */
    private static RefusedException refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused;
            }
        }
        return null;
    }

    /** Of failures that came after something had been written, and so are no refusals. */
    private static Optional<String> remedy(Exception failure) {
        if (failure instanceof PhaseFailedException failed) {
            return Optional.of(failed.remedy());
        }
        if (failure instanceof ConnectorFailedException failed) {
            return Optional.of(failed.remedy());
        }
        return failure instanceof FetchFailedException failed ? Optional.of(failed.remedy()) : Optional.empty();
    }

    private static String describe(Throwable failure) {
        String message =
                failure.getMessage() == null ? "" : failure.getMessage().strip();
        String own = message.isEmpty() ? failure.getClass().getSimpleName() : message;
        Throwable cause = failure.getCause();
        // A wrapper's message often says only what was tried; the cause says why it failed.
        boolean more = cause != null && cause.getMessage() != null && !own.contains(cause.getMessage());
        return own + (more ? ": " + cause.getMessage().strip() : "");
    }

    int ofUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(Secrets.mask("error: " + failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("see: " + command.getCommandSpec().qualifiedName(" ") + " --help");
        err.flush();
        return ExitCode.USAGE;
    }
}
