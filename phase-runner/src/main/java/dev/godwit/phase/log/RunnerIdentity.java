package dev.godwit.phase.log;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * Who runs a phase, told so that another process on the same machine can see whether it still lives.
 *
 * @param host machine and its current boot: after a restart of the machine all process ids mean something else
 * @param processStart tells apart processes that had the same id one after the other; may be empty
 * @param token tells apart runners in one process
 */
record RunnerIdentity(String host, long pid, String processStart, String token) {

    static RunnerIdentity own() {
        long pid = ProcessHandle.current().pid();
        return new RunnerIdentity(
                ownHost(),
                pid,
                startOf(ProcessHandle.current()),
                UUID.randomUUID().toString());
    }

    private static String ownHost() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "unknown host";
        }
        try {
            return name + "/"
                    + Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                            .strip();
        } catch (IOException e) {
            // Not Linux: the name alone has to do.
            return name;
        }
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    /** Whether that runner's process certainly exists no more. False where this machine cannot know. */
    boolean isKnownDead() {
        if (!host.equals(ownHost())) {
            return false;
        }
        return ProcessHandle.of(pid)
                .map(process -> !startOf(process).equals(processStart))
                .orElse(true);
    }

    Evidence toEvidence() {
        return Evidence.of("host", host)
                .with("pid", pid)
                .with("process_start", processStart)
                .with("token", token);
    }

    static RunnerIdentity of(Evidence evidence) {
        return new RunnerIdentity(
                evidence.text("host").orElse(""),
                evidence.number("pid"),
                evidence.text("process_start").orElse(""),
                evidence.text("token").orElse(""));
    }

    /** For people. */
    @Override
    public String toString() {
        return "process " + pid + " on " + host.replaceAll("/.*", "");
    }
}
