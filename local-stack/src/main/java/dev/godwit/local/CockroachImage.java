package dev.godwit.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code cockroach} out of an image such as {@code cockroachdb/cockroach:v25.2.0}, in the network of this machine and with the work
 * directory mounted under its own path. So whatever holds for a program holds here too: addresses, certificates, {@code nodelocal}, a
 * broker on the loopback address.
 */
record CockroachImage(ContainerEngine engine, String image) implements CockroachProgram {
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(30);

    /** Not the image's entry point, which does more than to run it. */
    private static final String PROGRAM = "/cockroach/cockroach";

    // A container outlives the client that has started it. Here it ends with it, however that ends: the process's pid
    // file
    // in the work directory is removed then, by the JVM or by the watchdog. The watchdog's first signal is QUIT.
    private static final String UNTIL_THE_CLIENT_ENDS = """
            mark=$1
            shift
            "$@" &
            server=$!
            trap 'asked=1; kill -TERM $server' TERM INT
            trap 'asked=1; kill -KILL $server' QUIT
            (while [ -e "$mark" ]; do sleep 0.5; done; kill -KILL $server) &
            wait $server
            code=$?
            if [ -n "$asked" ]; then
              wait $server
              code=$?
            fi
            exit $code
            """;

    @Override
    public void prepare() throws IOException {
        engine.pull(image);
    }

    @Override
    public List<String> command(WorkDirectory directory, String name, int run, List<String> arguments) {
        Path path = directory.path();
        List<String> command = new ArrayList<>(engine.run(container(directory, name, run), path));
        command.addAll(List.of(
                "--env=COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING=true",
                "--entrypoint=/bin/sh",
                image,
                "-c",
                UNTIL_THE_CLIENT_ENDS,
                "godwit-" + name,
                path.resolve(name + ".pid").toString(),
                PROGRAM));
        command.addAll(arguments);
        return command;
    }

    @Override
    public void kill(WorkDirectory directory, String name, int run, ChildProcess process) {
        engine.kill(container(directory, name, run));
        if (process.isAlive()) {
            process.awaitExit(KILLED_WITHIN);
        }
        process.kill();
    }

    private static String container(WorkDirectory directory, String name, int run) {
        return directory.path().getFileName() + "-" + name + "-" + run;
    }
}
