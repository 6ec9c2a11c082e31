package dev.godwit.phase.cli;

import dev.godwit.phase.file.PhaseFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands about a phase have in common. */
final class PhaseFileOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--phase", paramLabel = "FILE", required = true, description = "The phase file (YAML).")
    private Path path;

    @Option(names = "--json", description = "Write JSON lines instead of text.")
    private boolean json;

    PhaseFile read() {
        return PhaseFile.read(path);
    }

    Path path() {
        return path;
    }

    PhaseOutput output() {
        PrintWriter out = spec.commandLine().getOut();
        return json
                ? new JsonOutput(out)
                : new TextOutput(out, Terminal.console().isPresent());
    }
}
