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

    /** What the state means for whoever relies on the feed. */
    public String meaning() {
        return switch (state) {
            case ABSENT ->
                "there is no feed, or it has ended so long ago that CockroachDB has forgotten it (two weeks): nothing that happens on the"
                        + " target comes back";
            case STARTING ->
                "the feed has been accepted and does not send yet; changes since its cursor are kept and come later";
            case RUNNING ->
                "the feed says that it runs. That does not prove that messages arrive: godwit connectors deploy, run again, sends a marker through it";
            case PAUSED ->
                "nothing is sent. CockroachDB keeps the history that the feed still needs, at the price of disk space, from v23.2 on for"
                        + " four days unless changefeed.protect_timestamp.max_age says otherwise; our source"
                        + " connector has to go on before gc.ttlseconds of the tables are over";
            case FAILED ->
                "the feed has ended and does not go on by itself. Changes since the last resolved timestamp are still in the target for as"
                        + " long as gc.ttlseconds of the tables allows: mend the cause and deploy again before that";
        };
    }

    public static ChangefeedStatus absent(String name) {
        return new ChangefeedStatus(State.ABSENT, name, Optional.empty(), Optional.empty());
    }
}
