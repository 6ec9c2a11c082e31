package dev.godwit.local;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How PostgreSQL, which refuses to run as root, is started by this user. */
enum Unprivileged {
    /** This user is not root. */
    AS_IT_IS(""),
    /**
     * A user name space of its own, in which root is nobody: the files stay where they are and as they are. Container engines often forbid it.
     */
    NAME_SPACE("unshare -U"),
    /** The user nobody, who must own the data and be able to reach the programs. */
    NOBODY("setpriv --reuid=65534 --regid=65534 --clear-groups");

    private static final int NOBODY_ID = 65534;

    private final String prefix;

    Unprivileged(String prefix) {
        this.prefix = prefix;
    }

    /** @throws RefusedException if this is root and there is no way not to be */
    static Unprivileged here() {
        for (Unprivileged way : values()) {
            if (way.works()) {
                return way;
            }
        }
        throw new RefusedException(
                "PostgreSQL does not run as root, and neither `unshare -U` nor `setpriv` works here",
                "run as another user, or in a container with --security-opt seccomp=unconfined");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Whether this machine lets this user do it. */
    boolean works() {
        if (this == AS_IT_IS) {
            return !isRoot();
        }
        if (OwnSession.onPath(prefix.split(" ")[0]).isEmpty()) {
            return false;
        }
        try {
            Process trial = new ProcessBuilder(command(List.of("sh", "-c", "test \"$(id -u)\" -ne 0")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    List<String> command(List<String> command) {
        return prefix.isEmpty()
                ? command
                : Stream.concat(Stream.of(prefix.split(" ")), command.stream()).toList();
    }

    /** The programs at a place where they can be run: the same one, or a copy in the work directory. */
    synchronized Path reachable(Path home, WorkDirectory directory) throws IOException {
        if (this != NOBODY) {
            return home;
        }
        // mktemp makes it 0700; nobody has to pass through, but not to list.
        Files.setPosixFilePermissions(directory.path(), PosixFilePermissions.fromString("rwx--x--x"));
        Path copy = directory.path().resolve("postgresql");
        if (Files.notExists(copy)) {
            try (var all = Files.walk(home)) {
                for (Path path : all.toList()) {
                    Path file = copy.resolve(home.relativize(path).toString());
                    Files.copy(path, file, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
        return copy;
    }

    /** Makes the file or empty folder belong to the one who will run the server. */
    void own(Path path) {
        if (this == NOBODY) {
            try {
                Files.setAttribute(path, "unix:uid", NOBODY_ID);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
