package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node out of an image, with an engine of the test that runs what it is told to run on this machine, as a client does whose
 * container outlives it. What a real engine makes of its options, the contracts on CockroachDB show.
 */
class CockroachImageTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** {@code run} leaves its container alone when it is killed, and hands signals on when it can. */
    private static final String ENGINE = """
            #!/bin/sh
            home=$(dirname "$0")
            echo "$*" >>"$home/calls"
            case $1 in
              run)
                shift
                while :; do
                  case $1 in
                    --name=*) name=${1#--name=} ;;
                    --volume=* | --env=* | --rm | --network=* | --user=* | --userns=*) ;;
                    --entrypoint=*) entrypoint=${1#--entrypoint=} ;;
                    *) break ;;
                  esac
                  shift
                done
                shift
                # the program in the image
                script=$2 title=$3 mark=$4
                shift 5
                "$entrypoint" -c "$script" "$title" "$mark" "$home/server" "$@" &
                container=$!
                echo $container >"$home/$name"
                trap 'kill -TERM $container' TERM
                wait $container || wait $container
                ;;
              kill) kill -KILL "$(cat "$home/$3")" "$(head -n 1 "$home/server.pid")" ;;
              *) echo "28.0" ;;
            esac
            """;

    private static final String SERVER = """
            #!/bin/sh
            echo $$ >"$1"
            trap 'echo drained >>"$1"; exit 3' TERM
            while :; do sleep 0.1; done
            """;

    @TempDir
    private Path directory;

    private WorkDirectory work;
    private CockroachImage image;
    private Path file;

    @BeforeEach
    void prepare() throws Exception {
        script("engine", ENGINE);
        script("server", SERVER);
        work = WorkDirectory.create("image");
        image = new CockroachImage(new ContainerEngine(directory.resolve("engine")), "cockroachdb/cockroach:v25.2.0");
        file = directory.resolve("server.pid");
    }

    @AfterEach
    void close() {
        work.close();
    }

    private void script(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rwx------"));
    }

    private ChildProcess start(int run) throws IOException {
        ChildProcess process =
                ChildProcess.start(work, "node", image.command(work, "node", run, List.of(file.toString())), Map.of());
        Until.holds(
                "the server runs",
                SOON,
                () -> null,
                () -> Files.exists(file) && !Files.readString(file).isBlank());
        return process;
    }

    private ProcessHandle server() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0))).orElseThrow();
    }

    private static void hasEnded(ProcessHandle server) {
        Until.holds("the server has ended", SOON, () -> null, () -> !server.isAlive());
    }

    @Test
    void runsInTheNetworkOfTheMachineWithTheWorkDirectoryUnderItsOwnPath() throws Exception {
        image.prepare();
        ChildProcess process = start(1);
        process.stop("TERM", SOON);

        assertThat(Files.readAllLines(directory.resolve("calls")))
                .anySatisfy(call -> assertThat(call).isEqualTo("image inspect cockroachdb/cockroach:v25.2.0"))
                .anySatisfy(call -> assertThat(call)
                        .contains(
                                "run --rm --name=" + work.path().getFileName() + "-node-1 --network=host",
                                "--volume=" + work + ":" + work + ":z",
                                "--entrypoint=/bin/sh cockroachdb/cockroach:v25.2.0"));
    }

    @Test
    void anOrderlyEndIsHandedOnToTheServer() throws Exception {
        ChildProcess process = start(1);
        ProcessHandle server = server();

        process.stop("TERM", SOON);

        assertThat(server.isAlive()).isFalse();
        assertThat(Files.readAllLines(file)).endsWith("drained");
    }

    @Test
    void aKilledNodeIsGoneOnReturnAndCanBeStartedAgain() throws Exception {
        ChildProcess process = start(1);
        ProcessHandle server = server();

        image.kill(work, "node", 1, process);

        hasEnded(server);
        assertThat(process.isAlive()).isFalse();
        Files.delete(file);
        ChildProcess second = start(2);
        assertThat(server().isAlive()).isTrue();
        second.stop("TERM", SOON);
    }

    @Test
    void theServerEndsWithItsClientHoweverThatEnds() throws Exception {
        ChildProcess process = start(1);
        ProcessHandle server = server();

        process.kill();

        hasEnded(server);
    }
}
