package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import dev.godwit.verify.live.ConsistentPoints;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether and how differences are checked again while replication runs. */
final class LiveOptions {

    @Option(
            names = "--live",
            order = 30,
            description =
                    "Replication runs: report a difference only if it is still there when replication has passed the moment at which it was found.")
    private boolean live;

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            order = 31,
            description =
                    "With --live: whose consistent point counts, <migration>-<phase>-forward. Default: the only one in the target's ledger.")
    private String domain;

    @Option(
            names = "--live-timeout",
            paramLabel = "SECONDS",
            order = 32,
            defaultValue = "300",
            description =
                    "With --live: how long the differences of a table may stay unsettled before the comparison gives up. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    void check() {
        if (timeoutSeconds < 1) {
            throw new RefusedException("--live-timeout is " + timeoutSeconds, "give a number of at least 1");
        }
        if (domain != null && !live) {
            throw new RefusedException("--domain is given without --live", "give both or neither");
        }
    }

    /** @throws RefusedException if it cannot be told whose consistent point counts */
    Optional<LiveSettings> settings(ConnectionOptions.Both databases) {
        if (!live) {
            return Optional.empty();
        }
        try {
            String chosen = ConsistentPoints.choose(Optional.ofNullable(domain), databases.source(), databases.target())
                    .domain();
            return Optional.of(new LiveSettings(chosen, Duration.ofSeconds(timeoutSeconds)));
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the ledger of the target: " + e.getMessage(),
                    "give the user USAGE on schema _godwit and SELECT on _godwit.domain",
                    e);
        }
    }
}
