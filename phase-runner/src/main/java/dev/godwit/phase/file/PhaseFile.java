package dev.godwit.phase.file;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.fetch.FileOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the user wrote about one phase: both databases, Kafka, the tables and how to move them. Every key, its type, default and unit stand in
 * {@code docs/phase-file.md}. Immutable.
 *
 * @param path the file itself
 * @param finalizeFiles SQL files for step 5, absolute
 * @param drainTimeout how long a drain may take before the step gives up (and may be tried again)
 * @param lagMax how far the applier may be behind the replication source for step 6 and 10 to be done
 */
public record PhaseFile(
        Path path,
        String migration,
        String phase,
        Source source,
        DatabaseUrl target,
        Kafka kafka,
        List<TableEntry> tables,
        Fetch fetch,
        Apply apply,
        Failback failback,
        List<Path> finalizeFiles,
        Verify verify,
        Duration drainTimeout,
        Duration lagMax) {

    public PhaseFile {
        tables = List.copyOf(tables);
        finalizeFiles = List.copyOf(finalizeFiles);
    }

    /**
     * Reads and checks the file by itself; no server is asked.
     *
     * @throws dev.godwit.database.RefusedException if it cannot be read or anything in it is wrong; names file and line
     */
    public static PhaseFile read(Path path) {
        return new PhaseFileReader(path, System::getenv).read();
    }

    /**
     * The same, whose appliers leave out some columns more.
     *
     * @param columns as {@code schema.table.column}
     * @throws dev.godwit.database.RefusedException if one of them is of no table of the phase
     */
    public PhaseFile ignoring(List<String> columns) {
        return new PhaseFile(
                path,
                migration,
                phase,
                source,
                target,
                kafka,
                IgnoredColumns.in(tables, columns),
                fetch,
                apply,
                failback,
                finalizeFiles,
                verify,
                drainTimeout,
                lagMax);
    }

    /** {@code <migration>-<phase>}: how the phase is called in the ledger, in topics and in group names. */
    public String fullName() {
        return migration + "-" + phase;
    }

    /**
     * @param connectUrl the same database as the Kafka Connect workers reach it
     */
    public record Source(DatabaseUrl url, DatabaseUrl connectUrl) {}

    /**
     * @param bootstrapServers as this machine reaches the brokers
     * @param changefeedBootstrapServers the same brokers as CockroachDB's nodes reach them
     * @param connectUrl base URL of Kafka Connect's REST API
     * @param retention how long the topics of the phase keep messages; empty for ever
     * @param properties further settings of Kafka clients, for example {@code security.protocol}
     * @param connectorSettings further settings of the forward connector, for example {@code avro.registry.url}
     */
    public record Kafka(
            String bootstrapServers,
            String changefeedBootstrapServers,
            String connectUrl,
            Optional<Duration> retention,
            Map<String, String> properties,
            Map<String, String> connectorSettings) {
        public Kafka {
            properties = Map.copyOf(properties);
            connectorSettings = Map.copyOf(connectorSettings);
        }
    }

    /** What becomes of rows that the target's tables hold before the load. */
    public enum Handling {
        /** They stay; rows that belong to the phase are refused. */
        NONE,
        /** The tables are emptied; refused if they hold rows of others. */
        TRUNCATE_IF_EXISTS
    }

    /**
     * @param concurrency tables, or parts of tables, that are copied at the same time; each has a connection on both sides
     * @param files through which rows go; empty if they go directly from server to server
     */
    public record Fetch(int concurrency, Handling tableHandling, Optional<FileOptions> files) {}

    /** @param concurrency tables that are compared at the same time; each has a connection on both sides */
    public record Verify(int concurrency) {}

    /** Who runs the appliers. */
    public enum ApplierRun {
        /** The process of {@code godwit phase run}, as long as it lives. */
        EMBEDDED,
        /** A service of the user's: {@code godwit apply}. */
        EXTERNAL
    }

    /**
     * @param errors what an applier does with failures
     * @param mode what is applied as one sequence
     * @param lanes of each ordering domain; empty for a number that fits the machine and the mode
     * @param partitions of the topics of tables in mode immediate
     * @param drainedChange the change of tables of which the user says that everything was applied before it; empty if there is none
     * @param replicationOrigin whether sessions that write to a PostgreSQL have a replication origin, and its slot is read without what has one
     */
    public record Apply(
            ApplierRun run,
            ErrorPolicy errors,
            ApplyMode mode,
            Optional<Integer> lanes,
            int partitions,
            String drainedChange,
            boolean replicationOrigin) {
        /** With another mode, or other lanes, where they are given. */
        public Apply with(Optional<ApplyMode> otherMode, Optional<Integer> otherLanes) {
            return new Apply(
                    run,
                    errors,
                    otherMode.orElse(mode),
                    otherLanes.or(() -> lanes),
                    partitions,
                    drainedChange,
                    replicationOrigin);
        }

        /** With the user's word about a change of tables. */
        public Apply afterDrainedChange(String word) {
            return new Apply(run, errors, mode, lanes, partitions, word, replicationOrigin);
        }

        /** With replication origins. */
        public Apply withReplicationOrigin() {
            return new Apply(run, errors, mode, lanes, partitions, drainedChange, true);
        }
    }

    /** The same with other settings of the applier. */
    public PhaseFile with(Apply other) {
        return new PhaseFile(
                path,
                migration,
                phase,
                source,
                target,
                kafka,
                tables,
                fetch,
                other,
                failback,
                finalizeFiles,
                verify,
                drainTimeout,
                lagMax);
    }

    /** Who provides the changes of the target for the way back. */
    public enum Feed {
        /** Step 10 creates a changefeed on the target; where that has no licence for Kafka sinks, as {@link #CONNECT}. */
        COCKROACHDB,
        /** Kafka Connect reads a changefeed over SQL, by our own source connector. */
        CONNECT,
        /** Somebody else writes messages of the same form into the same topics. */
        EXTERNAL
    }

    /**
     * @param resolved how often a changefeed says up to where it has come; a change is applied that much later at most
     * @param sinkParameters of the changefeed's Kafka sink, for example {@code sasl_user}
     * @param connectUrl the target as the Kafka Connect workers reach it; empty: as this machine does
     * @param gcTtl for how long the tables of the phase keep their history on the target while the phase is on its way; empty: as it is
     */
    public record Failback(
            Feed changefeed,
            Duration resolved,
            Map<String, String> sinkParameters,
            Optional<DatabaseUrl> connectUrl,
            Optional<Duration> gcTtl) {
        public Failback {
            sinkParameters = Map.copyOf(sinkParameters);
        }
    }
}
