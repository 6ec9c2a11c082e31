package dev.godwit.apply;

import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything one applier needs to know: one phase, one direction.
 *
 * @param domain name of the direction, {@code <migration>-<phase>-<direction>}, or of one of the ordering domains that its mode
 *     makes of it; also the Kafka Streams {@code application.id}
 * @param format of the messages
 * @param replicationSource the database that the changes come from; only its catalog is read
 * @param replicationTarget the database that the changes go to
 * @param slices the tables of the phase, with filters parsed against the tables of the replication target
 * @param topics topic name to table, for every table of the phase and for {@code _godwit.applied} and {@code
 *     _godwit.watermark}. One partition each, but in {@link ApplyMode#IMMEDIATE}, where all have the same number
 * @param transactionTopic Debezium's transaction topic; empty for a changefeed
 * @param bootstrapServers of Kafka
 * @param kafkaProperties further client properties (security); may override whatever does not touch the guarantees
 * @param stateDirectory for Kafka Streams' own files; nothing in it is needed again
 * @param limits bounds
 * @param errors what to do with failures
 * @param mode what is applied as one sequence
 * @param captured for Debezium in {@link ApplyMode#IMMEDIATE}: without it there are no consistent points, and no drain
 * @param drainedChange the user's word that everything was applied before the tables were changed, as the refusal of an earlier
 *     start has asked for it; empty if there is none
 */
public record ApplyConfig(
        String domain,
        Format format,
        Database replicationSource,
        Database replicationTarget,
        List<TableSlice> slices,
        Map<String, TableName> topics,
        Optional<String> transactionTopic,
        String bootstrapServers,
        Map<String, String> kafkaProperties,
        Path stateDirectory,
        Limits limits,
        ErrorPolicy errors,
        ApplyMode mode,
        CapturedPoint.Source captured,
        String drainedChange) {

    /** In consistent mode. */
    public ApplyConfig(
            String domain,
            Format format,
            Database replicationSource,
            Database replicationTarget,
            List<TableSlice> slices,
            Map<String, TableName> topics,
            Optional<String> transactionTopic,
            String bootstrapServers,
            Map<String, String> kafkaProperties,
            Path stateDirectory,
            Limits limits,
            ErrorPolicy errors) {
        this(
                domain,
                format,
                replicationSource,
                replicationTarget,
                slices,
                topics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                limits,
                errors,
                ApplyMode.CONSISTENT,
                CapturedPoint.Source.NONE,
                "");
    }

    /** Stops at the first row that the target does not take. */
    public ApplyConfig(
            String domain,
            Format format,
            Database replicationSource,
            Database replicationTarget,
            List<TableSlice> slices,
            Map<String, TableName> topics,
            Optional<String> transactionTopic,
            String bootstrapServers,
            Map<String, String> kafkaProperties,
            Path stateDirectory,
            Limits limits) {
        this(
                domain,
                format,
                replicationSource,
                replicationTarget,
                slices,
                topics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                limits,
                ErrorPolicy.stopping());
    }

    public ApplyConfig {
        slices = List.copyOf(slices);
        topics = Map.copyOf(topics);
        kafkaProperties = Map.copyOf(kafkaProperties);
        if ((format != Format.CHANGEFEED) != transactionTopic.isPresent()) {
            throw new IllegalArgumentException("format " + format + " with transaction topic " + transactionTopic);
        }
    }

    /** The direction that this domain is a part of, or all of. */
    public String direction() {
        return DomainNames.direction(domain);
    }

    /** The same in another mode. */
    public ApplyConfig in(ApplyMode other) {
        return new ApplyConfig(
                domain,
                format,
                replicationSource,
                replicationTarget,
                slices,
                topics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                limits,
                errors,
                other,
                captured,
                drainedChange);
    }

    /** The same with somebody who knows how far everything is in Kafka. */
    public ApplyConfig capturedUpTo(CapturedPoint.Source source) {
        return new ApplyConfig(
                domain,
                format,
                replicationSource,
                replicationTarget,
                slices,
                topics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                limits,
                errors,
                mode,
                source,
                drainedChange);
    }

    /** One of the ordering domains of this direction. */
    public ApplyConfig part(String name, List<TableSlice> some, Map<String, TableName> theirTopics, Limits share) {
        return new ApplyConfig(
                name,
                format,
                replicationSource,
                replicationTarget,
                some,
                theirTopics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                share,
                errors,
                mode,
                captured,
                drainedChange);
    }

    /** The same with the user's word about a change of the tables. */
    public ApplyConfig afterDrainedChange(String word) {
        return new ApplyConfig(
                domain,
                format,
                replicationSource,
                replicationTarget,
                slices,
                topics,
                transactionTopic,
                bootstrapServers,
                kafkaProperties,
                stateDirectory,
                limits,
                errors,
                mode,
                captured,
                word);
    }

    /** What the messages look like. */
    public enum Format {
        /** Debezium's PostgreSQL connector, JSON without schemas, with transaction metadata. */
        DEBEZIUM_POSTGRESQL,
        /** Debezium's MySQL connector with Godwit's plug-in, JSON without schemas, with transaction metadata. */
        DEBEZIUM_MYSQL,
        /** CockroachDB's changefeed, wrapped JSON, with updated and resolved. */
        CHANGEFEED
    }

    /**
     * @param batchRowsMax small transactions are merged into one target transaction up to this number of changes
     * @param batchBytesMax and up to about this size; a single larger transaction is written alone
     * @param backlogRowsMax reading pauses while more changes than this wait to be written
     * @param backlogBytesMax or while what waits is about larger than this
     * @param lanes how many target transactions are written at the same time, each by a connection of its own
     * @param dependenciesMax for so many rows, unique values and parent keys it is kept who touches them; if there are
     *     more, lanes wait for each other sooner
     * @param retryTimeMax how long a failing target transaction is repeated before the applier stops
     * @param sessionTimeout how soon Kafka notices that an applier has died
     * @param large of transactions that are too large for memory
     */
    public record Limits(
            int batchRowsMax,
            long batchBytesMax,
            int backlogRowsMax,
            long backlogBytesMax,
            int lanes,
            int dependenciesMax,
            Duration retryTimeMax,
            Duration sessionTimeout,
            LargeTransactions large) {
        private static final int DEPENDENCIES_MAX = 500_000;

        public Limits {
            if (lanes < 1) {
                throw new IllegalArgumentException(lanes + " lanes");
            }
        }

        /** With the default number of lanes, and default limits of what is too large for memory. */
        public Limits(
                int batchRowsMax,
                long batchBytesMax,
                int backlogRowsMax,
                long backlogBytesMax,
                Duration retryTimeMax,
                Duration sessionTimeout) {
            this(
                    batchRowsMax,
                    batchBytesMax,
                    backlogRowsMax,
                    backlogBytesMax,
                    lanesByDefault(),
                    DEPENDENCIES_MAX,
                    retryTimeMax,
                    sessionTimeout,
                    LargeTransactions.defaults());
        }

        public static Limits defaults() {
            return new Limits(2_000, 8L << 20, 50_000, 128L << 20, Duration.ofMinutes(10), Duration.ofSeconds(10));
        }

        /** A lane mostly waits for the target, so a few are of use on the smallest machine. */
        public static int lanesByDefault() {
            return Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));
        }

        public Limits withLanes(int count) {
            return new Limits(
                    batchRowsMax,
                    batchBytesMax,
                    backlogRowsMax,
                    backlogBytesMax,
                    count,
                    dependenciesMax,
                    retryTimeMax,
                    sessionTimeout,
                    large);
        }

        /** What each of so many ordering domains in one process may take of memory. Lanes are of each. */
        public Limits sharedBy(int domains) {
            return new Limits(
                    batchRowsMax,
                    batchBytesMax,
                    Math.max(batchRowsMax, backlogRowsMax / domains),
                    Math.max(batchBytesMax, backlogBytesMax / domains),
                    lanes,
                    Math.max(batchRowsMax, dependenciesMax / domains),
                    retryTimeMax,
                    sessionTimeout,
                    new LargeTransactions(
                            Math.max(1 << 20, large.memoryBytesMax() / domains),
                            large.targetTransactionRowsMax(),
                            large.chunkRowsMax(),
                            large.chunkBytesMax()));
        }

        public Limits with(LargeTransactions other) {
            return new Limits(
                    batchRowsMax,
                    batchBytesMax,
                    backlogRowsMax,
                    backlogBytesMax,
                    lanes,
                    dependenciesMax,
                    retryTimeMax,
                    sessionTimeout,
                    other);
        }
    }

    /**
     * Bounds of transactions that are too large for memory.
     *
     * @param memoryBytesMax about how many bytes the changes of all open transactions may take together; what exceeds
     *     that goes to files in the state directory
     * @param targetTransactionRowsMax a transaction of which changes are in a file, and that has more changes than this,
     *     is written by several target transactions. A reader of the target may then see it in part, for as long as it
     *     takes; the consistent point stays before it until it is whole.
     * @param chunkRowsMax so many changes of such a transaction are in memory at once while it is written
     * @param chunkBytesMax and about so many bytes
     */
    public record LargeTransactions(
            long memoryBytesMax, long targetTransactionRowsMax, int chunkRowsMax, long chunkBytesMax) {
        public static LargeTransactions defaults() {
            return new LargeTransactions(64L << 20, 5_000_000, 10_000, 8L << 20);
        }
    }
}
