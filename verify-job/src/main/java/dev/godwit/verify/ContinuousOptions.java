package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Whether the comparison is made once or again and again. */
final class ContinuousOptions {

    @Option(
            names = "--continuous",
            arity = "0..1",
            paramLabel = "true|false",
            order = 40,
            defaultValue = "false",
            fallbackValue = "true",
            description =
                    "Compare again and again, each time from the beginning, until the process is ended. A difference does not end it; a"
                            + " comparison that breaks off does. Default: ${DEFAULT-VALUE}")
    private boolean continuous;

    @Option(
            names = "--continuous-pause-between-runs",
            paramLabel = "DURATION",
            order = 41,
            description =
                    "With --continuous: how long to wait before the next comparison: 1h, 2m30s. Default: not at all.")
    private String pause;

    boolean isContinuous() {
        return continuous;
    }

    /** @param recorded whether --verify-id is given */
    void check(boolean recorded) {
        if (pause != null && !continuous) {
            throw new RefusedException(
                    "--continuous-pause-between-runs is given without --continuous", "give both or neither");
        }
        if (continuous && recorded) {
            throw new RefusedException(
                    "--verify-id is given with --continuous: what is recorded as finished would not be looked at again",
                    "give one of the two");
        }
        pause();
    }

    private Duration pause() {
        return pause == null ? Duration.ZERO : GoDuration.parse("--continuous-pause-between-runs", pause);
    }

    /** @throws VerifyFailedException if the thread is interrupted */
    void waitForNext() {
        try {
            Thread.sleep(pause().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerifyFailedException("the comparison was interrupted", VerifyJob.TRY_AGAIN, e);
        }
    }
}
