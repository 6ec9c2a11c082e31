package dev.godwit.phase.run;

import dev.godwit.apply.Applier;
import dev.godwit.apply.ApplyConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An applier that lives in this process. Not thread-safe, except for {@link #failure} and {@link #counts}. */
final class EmbeddedApplier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedApplier.class);

    private final Applier applier;
    private final Path stateDirectory;

    private EmbeddedApplier(Applier applier, Path stateDirectory) {
        this.applier = applier;
        this.stateDirectory = stateDirectory;
    }

    /** @param config takes the directory for Kafka Streams' own files, of which nothing is needed again */
    static EmbeddedApplier start(Function<Path, ApplyConfig> config) throws IOException {
        Path stateDirectory = Files.createTempDirectory("godwit-apply-");
        try {
            return new EmbeddedApplier(Applier.start(config.apply(stateDirectory)), stateDirectory);
        } catch (RuntimeException e) {
            delete(stateDirectory);
            throw e;
        }
    }

    Optional<Throwable> failure() {
        return applier.failure();
    }

    Applier applier() {
        return applier;
    }

    ApplyCounts counts() {
        return ApplyCounts.of(applier.statisticsByDomain().values());
    }

    @Override
    public void close() {
        applier.close();
        delete(stateDirectory);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.info("the directory {} could not be removed", directory, e);
        }
    }
}
