package dev.godwit.apply;

/**
 * How an applier is, for whoever restarts it or sends a warning.
 *
 * @param live false once it has failed: only a new start helps
 * @param ready whether it takes part in the work (writing, or waiting to take over), and its target answers
 * @param reason why it is not; else what it does
 */
public record Health(boolean live, boolean ready, String reason) {
    static Health failed(Throwable failure) {
        return new Health(false, false, "failed: " + failure.getMessage());
    }

    static Health notReady(String reason) {
        return new Health(true, false, reason);
    }

    static Health ready(String reason) {
        return new Health(true, true, reason);
    }
}
