package dev.godwit.local;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A way to run {@code cockroach}: as a program of this machine, or out of an image. */
interface CockroachProgram {
    /**
     * What takes long and may fail for reasons of its own, before the first command.
     *
     * @throws RefusedException if it cannot be run here
     */
    void prepare() throws IOException;

    /**
     * A command for {@link ChildProcess}. The program sees the work directory under the same path, and the ports of this machine.
     *
     * @param name of the process in the work directory
     * @param run tells this start from all others
     */
    List<String> command(WorkDirectory directory, String name, int run, List<String> arguments);

    /** Ends what {@link #command} has started, as in a crash; returns when it is gone. */
    void kill(WorkDirectory directory, String name, int run, ChildProcess process);

    /** @throws RefusedException if there is none, or if it is not what a variable says, with the remedy */
    static CockroachProgram find() {
        Optional<Path> onPath = OwnSession.onPath("cockroach");
        String image = System.getenv("GODWIT_COCKROACH_IMAGE");
        if (!isSet(image) && onPath.isEmpty()) {
            image = System.getProperty("godwit.cockroach.image"); // of a build
        }
        return find(System.getenv("GODWIT_COCKROACH"), image, onPath);
    }

    static CockroachProgram find(String configured, String image, Optional<Path> onPath) {
        if (isSet(configured)) {
            Path program = Path.of(configured).toAbsolutePath();
            if (!Files.isExecutable(program) || Files.isDirectory(program)) {
                throw new RefusedException(
                        "GODWIT_COCKROACH names " + program + ", which is not a program",
                        "let it name the cockroach binary, or unset it");
            }
            return new InstalledCockroach(program);
        }
        if (isSet(image)) {
            return new CockroachImage(ContainerEngine.find(), image);
        }
        return new InstalledCockroach(onPath.orElseThrow(() -> new RefusedException(
                "there is no CockroachDB: no cockroach program on the PATH, GODWIT_COCKROACH names none, and"
                        + " GODWIT_COCKROACH_IMAGE names no image for a container engine",
                "set one of them, or use the PostgreSQL stand-in")));
    }

    private static boolean isSet(String value) {
        return value != null && !value.isBlank();
    }
}
