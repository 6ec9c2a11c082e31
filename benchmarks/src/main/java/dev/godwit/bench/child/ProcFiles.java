package dev.godwit.bench.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What Linux tells of a process in /proc; nothing elsewhere. */
public final class ProcFiles {
    /** {@code USER_HZ}, which is 100 on every Linux that Java runs on. */
    private static final long TICK_MS = 10;

    private ProcFiles() {}

    /** The most memory that it ever had resident, in bytes. */
    public static OptionalLong peakMemory(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmHWM:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1_024);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /** CPU time of a process and all its descendants, those that have ended included. */
    public static Optional<Duration> cpuWithChildren(long pid) {
        Optional<ProcessHandle> root = ProcessHandle.of(pid);
        if (root.isEmpty() || !Files.isDirectory(Path.of("/proc", "self"))) {
            return Optional.empty();
        }
        long ticks = ticks(pid);
        for (ProcessHandle child : root.get().descendants().toList()) {
            ticks += ticks(child.pid());
        }
        return Optional.of(Duration.ofMillis(ticks * TICK_MS));
    }

    private static long ticks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // Behind the name, which may contain anything: state is field 3, utime 14, stime 15, cutime 16, cstime 17.
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
            long own = Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
            return own + Long.parseLong(fields.get(13)) + Long.parseLong(fields.get(14));
        } catch (IOException e) {
            return 0; // has just ended: its parent counts it now
        }
    }
}
