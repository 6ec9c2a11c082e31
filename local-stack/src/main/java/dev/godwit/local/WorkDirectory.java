package dev.godwit.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A temporary directory that is gone when its owner is gone, and with it every process that was started in it.
 *
 * <p>A tiny shell process, the <em>watchdog</em>, makes the directory and then reads a pipe that only this JVM holds the other end of. The
 * pipe ends when {@link #close()} closes it, and just as well when the JVM is killed with SIGKILL. Then the watchdog stops the processes that
 * left a {@code *.pid} file in the directory, and removes the directory. Orderly and disorderly ends so take the same road.
 */
final class WorkDirectory implements AutoCloseable {
    // Signals of the terminal (Ctrl-C) also reach the watchdog where there is no setsid; it must outlive the JVM, so it
    // ignores them.
    // SIGQUIT is PostgreSQL's immediate shutdown. A pid file that is still empty belongs to a process that is just
    // starting.
    private static final String WATCHDOG = """
            trap '' INT HUP TERM
            directory=$(mktemp -d "$1/godwit-$2-XXXXXX") || exit 1
            echo "$directory"
            exec >/dev/null 2>&1
            while read -r line; do :; done
            round=0
            while [ -d "$directory" ] && [ $round -lt 200 ]; do
              alive=0
              for file in "$directory"/*.pid; do
                [ -f "$file" ] || continue
                pid=
                read -r pid <"$file"
                if [ -z "$pid" ]; then alive=1; continue; fi
                kill -0 "$pid" || { rm -f "$file"; continue; }
                alive=1
                case $round in
                  0) kill -QUIT "$pid" ;;
                  80) kill -KILL "$pid" ;;
                esac
              done
              if [ $alive -eq 0 ] || [ $round -gt 150 ]; then rm -rf "$directory"; fi
              [ -d "$directory" ] && sleep 0.1
              round=$((round + 1))
            done
            """;

    /** The watchdog kills within 10 seconds; but the data of a hundred databases are many files, and the disk may be busy. */
    private static final Duration REMOVED_WITHIN = Duration.ofMinutes(3);

    private final Path path;
    private final Process watchdog;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WorkDirectory(Path path, Process watchdog) {
        this.path = path;
        this.watchdog = watchdog;
    }

    /** @param name becomes part of the directory's name: letters, digits and hyphens */
    static WorkDirectory create(String name) {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(List.of("sh", "-c", WATCHDOG, "godwit-watchdog", System.getProperty("java.io.tmpdir"), name));
        try {
            Process watchdog = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(watchdog.getInputStream(), Charset.defaultCharset()));
            String directory = output.readLine();
            if (directory == null) {
                throw new IOException(
                        "no temporary directory could be made in " + System.getProperty("java.io.tmpdir"));
            }
            return new WorkDirectory(Path.of(directory), watchdog);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    /** Stops what still runs in it and removes it. Processes that want an orderly end have to be stopped before. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            watchdog.getOutputStream().close();
            if (!watchdog.waitFor(REMOVED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("processes in " + path
                        + " do not stop, or it cannot be removed, within " + REMOVED_WITHIN.toSeconds() + " s");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            // The watchdog goes on by itself.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
