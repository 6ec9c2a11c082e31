package dev.godwit.verify;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.verify.live.ConsistentPoints;
import dev.godwit.verify.live.SourceClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether and how differences are checked again while replication runs. */
final class LiveOptions {
    private static final int ROWS_PER_QUERY_MAX = 10_000;

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
                    "With --live: whose consistent points count: a direction, <migration>-<phase>-forward, or one of its ordering domains. Default: the"
                            + " only direction in the target's ledger.")
    private String domain;

    @Option(
            names = "--live-timeout",
            paramLabel = "SECONDS",
            order = 32,
            defaultValue = "300",
            description =
                    "With --live: how long the differences of a table may stay unsettled before the comparison gives up. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Option(
            names = "--live-max-batch-size",
            paramLabel = "ROWS",
            order = 33,
            description = "With --live: how many rows are read again at a time. Default: "
                    + LiveSettings.DEFAULT_ROWS_PER_QUERY)
    private Integer rowsPerQuery;

    boolean isLive() {
        return live;
    }

    void check() {
        if (rowsPerQuery != null && (rowsPerQuery < 1 || rowsPerQuery > ROWS_PER_QUERY_MAX)) {
            throw new RefusedException(
                    "--live-max-batch-size is " + rowsPerQuery, "give a number from 1 to " + ROWS_PER_QUERY_MAX);
        }
        if (rowsPerQuery != null && !live) {
            throw new RefusedException("--live-max-batch-size is given without --live", "give both or neither");
        }
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
        requireClock(databases);
        try {
            return Optional.of(new LiveSettings(
                    ConsistentPoints.choose(Optional.ofNullable(domain), databases.source(), databases.target()),
                    Duration.ofSeconds(timeoutSeconds),
                    rowsPerQuery == null ? LiveSettings.DEFAULT_ROWS_PER_QUERY : rowsPerQuery));
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the ledger of the target: " + e.getMessage(),
                    "give the user USAGE on schema _godwit and SELECT on its tables",
                    e);
        }
    }

    private static void requireClock(ConnectionOptions.Both databases) {
        try {
            SourceClock.now(databases.source());
        } catch (SQLException e) {
            throw new RefusedException(
                    "the source does not tell where its log stands, which --live needs: " + e.getMessage(),
                    databases.source().product() == Product.MYSQL
                            ? "GRANT REPLICATION CLIENT ON *.* TO the user of --source"
                            : "mend the cause that the server names, or leave --live out",
                    e);
        }
    }
}
