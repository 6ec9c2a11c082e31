package dev.godwit.connectors;

import java.util.Optional;

/**
 * @param name how its operator knows it: the job of CockroachDB, for example
 * @param reason why it failed, in words
 * @param resolved the timestamp that everything before it has been sent; as CockroachDB writes it
 */
public record ChangefeedStatus(State state, String name, Optional<String> reason, Optional<String> resolved) {

    /** Whether changes flow. */
    public enum State {
        ABSENT,
        STARTING,
        RUNNING,
        PAUSED,
        FAILED
    }

    public static ChangefeedStatus absent(String name) {
        return new ChangefeedStatus(State.ABSENT, name, Optional.empty(), Optional.empty());
    }
}
