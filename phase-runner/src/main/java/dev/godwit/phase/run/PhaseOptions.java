package dev.godwit.phase.run;

/**
 * What a {@link PhaseRunner} talks to. Immutable.
 *
 * @param actions asked when only the user can go on
 * @param feed used with {@code failback.changefeed: external} only
 */
public record PhaseOptions(PhaseListener listener, UserActions actions, FailbackFeed feed) {

    /** Hears nothing; no user has done anything; an external feed is run by somebody else. */
    public static PhaseOptions defaults() {
        return new PhaseOptions(
                PhaseListener.SILENT, action -> false, (target, phase, captured) -> new FeedOfTheUser());
    }

    public PhaseOptions listener(PhaseListener value) {
        return new PhaseOptions(value, actions, feed);
    }

    public PhaseOptions actions(UserActions value) {
        return new PhaseOptions(listener, value, feed);
    }

    public PhaseOptions feed(FailbackFeed value) {
        return new PhaseOptions(listener, actions, value);
    }
}
