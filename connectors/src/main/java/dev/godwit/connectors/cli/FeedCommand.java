package dev.godwit.connectors.cli;

import dev.godwit.connectors.ConnectorFailedException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands share: their options, and what they print. A {@code RefusedException} is left to the caller, who exits with 2. */
abstract class FeedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FeedOptions options;

    FeedOptions options() {
        return options;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Override
    public final Integer call() {
        try {
            execute();
            return 0;
        } catch (ConnectorFailedException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("error: " + e.getMessage() + "\nremedy: " + e.remedy());
            err.flush();
            return 1;
        } finally {
            out().flush();
        }
    }

    abstract void execute();

    /** Prints how the feed is now. */
    final void report() {
        StatusReport report = new StatusReport(out(), options.json());
        if (options.isForward()) {
            report.print(options.phase(), options.forwardConnector().status());
        } else {
            report.print(options.phase(), options.changefeed().status());
        }
    }
}
