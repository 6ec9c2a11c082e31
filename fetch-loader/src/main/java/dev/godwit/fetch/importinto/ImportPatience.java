package dev.godwit.fetch.importinto;

import java.time.Duration;

/**
 * How long is waited for what.
 *
 * @param pollFirst between the first looks at a job; grows up to {@code pollMax}
 * @param silenceMax how long the target may not answer at all before the load is given up
 * @param pauseMax how long a job may be paused before the load is given up
 */
public record ImportPatience(Duration pollFirst, Duration pollMax, Duration silenceMax, Duration pauseMax) {

    /** Short imports are seen to end at once; an hour's import costs few queries; a rolling restart of the cluster is waited out. */
    public static final ImportPatience DEFAULT = new ImportPatience(
            Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(10));
}
