package dev.godwit.phase.cli;

import dev.godwit.connectors.Direction;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.file.PhaseFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What {@code godwit apply} and its subcommands read from their options. */
final class ApplyOptions {
    private ApplyOptions() {}

    static Direction direction(String text) {
        return Arrays.stream(Direction.values())
                .filter(direction -> direction.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new RefusedException("there is no direction \"" + text + "\"", "use forward or failback"));
    }

    /** Not a required option of picocli's, for then subcommands would need it twice. */
    static PhaseFile phaseFile(CommandLine command, Path path) {
        if (path == null) {
            throw new ParameterException(command, "Missing required option: '--phase=FILE'");
        }
        return PhaseFile.read(path);
    }
}
