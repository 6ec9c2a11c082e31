package dev.godwit.local;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Docker or Podman, by their command lines. */
record ContainerEngine(Path client) {
    private static final int ANSWERS_WITHIN_SECONDS = 30;
    private static final int PULLED_WITHIN_SECONDS = 900;

    /** @throws RefusedException if there is none that answers */
    static ContainerEngine find() {
        return Stream.of("docker", "podman")
                .map(OwnSession::onPath)
                .flatMap(Optional::stream)
                .map(ContainerEngine::new)
                .filter(engine -> engine.call(ANSWERS_WITHIN_SECONDS, "version").succeeded())
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "GODWIT_COCKROACH_IMAGE names an image, but no container engine answers (docker, podman)",
                        "start one, or unset it"));
    }

    /** @throws RefusedException if the image is not here and cannot be had */
    void pull(String image) {
        if (call(ANSWERS_WITHIN_SECONDS, "image", "inspect", image).succeeded()) {
            return;
        }
        Answer answer = call(PULLED_WITHIN_SECONDS, "pull", image);
        if (!answer.succeeded()) {
            throw new RefusedException(
                    "the image " + image + " cannot be pulled: " + answer.output(),
                    "see whether " + client + " pull " + image + " works, or let GODWIT_COCKROACH_IMAGE name another");
        }
    }

    /** The beginning of a command that runs a container in the network of this machine; options of {@code run} may follow. */
    List<String> run(String container, Path directory) {
        List<String> command = new ArrayList<>(List.of(
                client.toString(),
                "run",
                "--rm",
                "--name=" + container,
                "--network=host",
                // z: where SELinux watches, the container may use it
                "--volume=" + directory + ":" + directory + ":z"));
        command.addAll(asOwnerOf(directory));
        return command;
    }

    /** Files that the container makes have to belong to whoever has made the directory. */
    private List<String> asOwnerOf(Path directory) {
        int user;
        int group;
        try {
            user = (Integer) Files.getAttribute(directory, "unix:uid");
            group = (Integer) Files.getAttribute(directory, "unix:gid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (user == 0) {
            return List.of();
        }
        if (call(ANSWERS_WITHIN_SECONDS, "--version").output().contains("podman")) {
            return List.of("--userns=keep-id");
        }
        // There the root of the container is the user already.
        boolean rootless = call(ANSWERS_WITHIN_SECONDS, "info", "--format", "{{.SecurityOptions}}")
                .output()
                .contains("rootless");
        return rootless ? List.of() : List.of("--user=" + user + ":" + group);
    }

    /** Does nothing where there is no such container. */
    void kill(String container) {
        call(ANSWERS_WITHIN_SECONDS, "kill", "--signal=KILL", container);
    }

    private record Answer(boolean succeeded, String output) {}

    private Answer call(int seconds, String... arguments) {
        List<String> command = new ArrayList<>(List.of(client.toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("container-engine", ".log");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
                process.destroyForcibly();
                String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
                return ended
                        ? new Answer(process.exitValue() == 0, text)
                        : new Answer(false, "no answer within " + seconds + " s");
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + client + " was asked", e);
        }
    }
}
