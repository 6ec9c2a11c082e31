package dev.godwit.phase.soak;

import java.util.Locale;

/** What is done to a running replication. */
public enum Fault {
    /** SIGKILL; another one is started. */
    APPLIER_KILLED,
    /** SIGSTOP for longer than the group waits; another takes over; then SIGCONT: the old owner wakes up. */
    APPLIER_FROZEN,
    /** SIGTERM, while another waits to take over. */
    APPLIER_REPLACED,
    /** All connections of appliers to the target are ended by the server. */
    TARGET_CONNECTIONS_KILLED,
    /** The target ends as in a crash and comes back. */
    TARGET_CRASHED,
    /** The Connect worker with Debezium stops and comes back. */
    CONNECT_RESTARTED,
    /** SIGKILL to the Connect worker, which then comes back. */
    CONNECT_KILLED,
    /** The broker stops and comes back. */
    BROKER_RESTARTED,
    /** SIGKILL to the broker, which then comes back. */
    BROKER_KILLED;

    /** As users write it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
