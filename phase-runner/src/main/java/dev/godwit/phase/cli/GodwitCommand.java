package dev.godwit.phase.cli;

import dev.godwit.connectors.cli.ConnectorsCommand;
import dev.godwit.fetch.cli.FetchCommand;
import dev.godwit.phase.demo.DemoCommand;
import dev.godwit.phase.repair.LedgerRepairWriter;
import dev.godwit.phase.soak.SoakCommand;
import dev.godwit.verify.VerifyCommand;
import dev.godwit.verify.VerifyRepairCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code godwit}: the root of the command line. */
@Command(
        name = "godwit",
        usageHelpAutoWidth = true,
        sortOptions = false,
        synopsisHeading = "%nUsage: ",
        header = "Moves a live database onto CockroachDB in phases, over Kafka, and can always bring it back.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = {
            PhaseCommand.class,
            FetchCommand.class,
            VerifyCommand.class,
            ConnectorsCommand.class,
            ApplyCommand.class,
            DemoCommand.class,
            SoakCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:failure, or differences found",
            "2:refused or wrong usage; nothing was written",
            "3:a phase waits for a step of yours"
        },
        footer = {"", "godwit COMMAND --help tells more."})
@SuppressWarnings("UnusedVariable") // picocli and LogFile read the options
final class GodwitCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private HelpOption help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    @Option(
            names = LogFile.OPTION,
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Write the log to this file and keep it; stdout: to the standard output. Default: a temporary file, kept only"
                            + " after a failure.")
    private Path logFile;

    @Option(
            names = {LogFile.LEVEL_OPTION, LogFile.LEVEL_OPTION_TOO},
            paramLabel = "LEVEL",
            scope = ScopeType.INHERIT,
            description = "How much goes into the log: trace, debug, info, warn or error. Default: info")
    void requireLevel(String level) {
        if (!LogFile.isLevel(level)) {
            throw new ParameterException(
                    spec.commandLine(), "--logging is \"" + level + "\"; use trace, debug, info, warn or error");
        }
    }

    /**
     * @param keepLogFile keeps the log file and tells its name
     * @param further commands beside those named above
     */
    static CommandLine commandLine(Supplier<String> keepLogFile, Object... further) {
        ErrorReport errors = new ErrorReport(keepLogFile);
        CommandLine commandLine = new CommandLine(new GodwitCommand());
        // Before the settings, which reach only the commands that are there already.
        commandLine.getSubcommands().get("verify").addSubcommand(new VerifyRepairCommand(LedgerRepairWriter::open));
        List.of(further).forEach(commandLine::addSubcommand);
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(34)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(errors::ofExecution)
                .setParameterExceptionHandler(errors::ofUsage);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
