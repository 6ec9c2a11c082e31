package dev.godwit.phase.cli;

import dev.godwit.connectors.Direction;
import dev.godwit.phase.file.PhaseFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands about one direction of a phase have in common. */
final class DirectionOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--phase", paramLabel = "FILE", required = true, description = "The phase file (YAML).")
    private Path path;

    @Option(names = "--direction", paramLabel = "DIRECTION", description = "forward (default) or failback.")
    private String direction = "forward";

    @Option(names = "--json", description = "Write JSON lines instead of text.")
    private boolean json;

    PhaseFile file() {
        return PhaseFile.read(path);
    }

    Direction direction() {
        return ApplyOptions.direction(direction);
    }

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
