package dev.godwit.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts a child in a session of its own, so that the terminal's Ctrl-C reaches only this JVM, which then stops its children in the right
 * order. macOS has no {@code setsid} command: there PostgreSQL gets the Ctrl-C too and stops at once, which its temporary data can bear.
 */
final class OwnSession {
    private OwnSession() {}

    static List<String> prefix() {
        return onPath("setsid").map(program -> List.of(program.toString())).orElse(List.of());
    }

    static Optional<Path> onPath(String program) {
        String path = System.getenv("PATH");
        for (String folder : (path == null ? "/usr/bin:/bin" : path).split(File.pathSeparator)) {
            Path candidate = Path.of(folder, program);
            if (!folder.isEmpty() && Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
