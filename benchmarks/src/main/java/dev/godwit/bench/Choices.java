package dev.godwit.bench;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the commands of all benchmarks have in common. */
final class Choices {
    private Choices() {}

    /**
     * The ones that the user names, in the order of the enum.
     *
     * @throws RefusedException if one is unknown
     */
    static <E> List<E> chosen(String option, List<String> labels, E[] all, Function<E, String> label) {
        List<E> chosen = Arrays.stream(all)
                .filter(one -> labels.contains(label.apply(one)))
                .toList();
        List<String> known = Arrays.stream(all).map(label).toList();
        if (chosen.isEmpty() || !known.containsAll(labels)) {
            throw new RefusedException(
                    option + " " + String.join(",", labels) + " is unknown",
                    "use one or more of " + String.join(", ", known));
        }
        return chosen;
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
