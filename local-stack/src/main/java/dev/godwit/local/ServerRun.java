package dev.godwit.local;

import java.util.Map;

/** A broker or a Connect worker that runs: in this JVM, or as a process of its own, which can be killed. Used by one thread. */
interface ServerRun {
    /**
     * Launches it; it may take some seconds more until it answers.
     *
     * @param settings as they stand in the properties file of such a server
     */
    void launch(Map<String, String> settings);

    /** Why it has ended by itself; null while it runs. */
    String ended();

    /** An orderly end: returns when it is gone. Idempotent. */
    void stop();

    /**
     * SIGKILL: returns when it is gone.
     *
     * @throws IllegalStateException if it runs in this JVM
     */
    void kill();
}
