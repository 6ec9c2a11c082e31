package dev.godwit.bench.child;

import dev.godwit.apply.ApplyMode;
import dev.godwit.bench.message.Schemas;
import dev.godwit.bench.workload.BenchTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One contestant, once, in a process of its own. Not thread-safe. */
public final class ContestantRun implements AutoCloseable {
    /** It holds all its rows in memory, which the others do not. */
    private static final int LIMIT_HEAP_MIB = 3_072;

    private final RunPlace place;
    private final Contestant contestant;
    private final ChildJvm child;
    private final String ready;
    private final Map<String, Map<String, String>> connectors = new LinkedHashMap<>();
    private SinkConnectors connect;

    private ContestantRun(RunPlace place, Contestant contestant, ChildJvm child, String ready) {
        this.place = place;
        this.contestant = contestant;
        this.child = child;
        this.ready = ready;
    }

    /** Starts the process and lets it do whatever is not measured. */
    public static ContestantRun prepare(Contestant contestant, RunPlace place) throws InterruptedException {
        Path log = place.directory().resolve(place.name() + ".out");
        ChildJvm child =
                switch (contestant) {
                    case CONSISTENT, IMMEDIATE ->
                        ChildJvm.start(
                                GodwitChild.class,
                                place.heapMiB(),
                                place.jvmOptions(),
                                log,
                                GodwitChild.settings(
                                        place.name(),
                                        contestant == Contestant.IMMEDIATE ? ApplyMode.IMMEDIATE : ApplyMode.CONSISTENT,
                                        place.topics(),
                                        place.tables(),
                                        place.bootstrapServers(),
                                        place.source().withPassword(),
                                        place.target().withPassword(),
                                        place.directory().resolve(place.name() + "-state")));
                    case JDBC_SINK, JDBC_SINK_INLINE_SCHEMAS ->
                        ChildJvm.start(
                                ConnectChild.class,
                                place.heapMiB(),
                                place.jvmOptions(),
                                log,
                                ConnectChild.settings(place.bootstrapServers()));
                    case LIMIT ->
                        ChildJvm.start(
                                LimitChild.class,
                                LIMIT_HEAP_MIB,
                                place.jvmOptions(),
                                log,
                                LimitChild.settings(
                                        place.workload(),
                                        place.changes(),
                                        place.seed(),
                                        place.target().withPassword()));
                };
        try {
            ContestantRun run = new ContestantRun(place, contestant, child, child.awaitReady());
            run.prepareConnectors();
            return run;
        } catch (RuntimeException e) {
            child.close();
            throw e;
        }
    }

    private void prepareConnectors() {
        if (contestant == Contestant.JDBC_SINK) {
            // A converter takes one schema for all its messages, so that each table needs a connector of its own.
            for (BenchTable table : place.tables()) {
                Map<String, String> settings = sink(1, place.topics().topic(table));
                settings.put(
                        "key.converter.schema.content",
                        Schemas.key(place.topics().prefix(), table));
                settings.put(
                        "value.converter.schema.content",
                        Schemas.value(place.topics().prefix(), table));
                connectors.put(place.name() + "-" + table.name(), settings);
            }
        } else if (contestant == Contestant.JDBC_SINK_INLINE_SCHEMAS) {
            connectors.put(
                    place.name(),
                    sink(
                            place.tables().size(),
                            place.tables().stream()
                                    .map(place.topics()::topicWithSchemas)
                                    .collect(Collectors.joining(","))));
        }
        if (!connectors.isEmpty()) {
            connect = new SinkConnectors(ready);
        }
    }

    /** The settings that made it fastest. */
    private Map<String, String> sink(int tasks, String topics) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
        settings.put("tasks.max", Integer.toString(tasks));
        settings.put("topics", topics);
        // Debezium sends decimals as text, to be exact; PostgreSQL takes them if the driver names no type.
        settings.put("connection.url", place.target().jdbcUrl() + "?reWriteBatchedInserts=true&stringtype=unspecified");
        settings.put("connection.username", place.target().user());
        settings.put("connection.password", place.target().password());
        settings.put("insert.mode", "upsert");
        settings.put("delete.enabled", "true");
        settings.put("primary.key.mode", "record_key");
        settings.put("schema.evolution", "none");
        settings.put("collection.name.format", "${source.schema}.${source.table}");
        settings.put("batch.size", "2000");
        settings.put("use.reduction.buffer", "true");
        settings.put("dialect.postgres.unnest.insert.enabled", "true");
        settings.put("consumer.override.max.poll.records", "2000");
        settings.put("consumer.override.max.partition.fetch.bytes", "8388608");
        settings.put("consumer.override.auto.offset.reset", "earliest");
        for (String converter : List.of("key.converter", "value.converter")) {
            settings.put(converter, "org.apache.kafka.connect.json.JsonConverter");
            settings.put(converter + ".schemas.enable", "true");
            settings.put(converter + ".replace.null.with.default", "false");
        }
        return settings;
    }

    /** From here on everything is measured. */
    public void go() throws IOException, InterruptedException {
        child.go();
        for (Map.Entry<String, Map<String, String>> connector : connectors.entrySet()) {
            connect.create(connector.getKey(), connector.getValue());
        }
    }

    /** The process that does the work. */
    public ChildJvm process() {
        return child;
    }

    /** Rows that it writes; the number of changes for whoever reads them from Kafka. */
    public long rows(long changes) {
        return contestant == Contestant.LIMIT ? Long.parseLong(ready) : changes;
    }

    /** Why it will not get to the end; empty while all is well. Asks the process, so not to be called too often. */
    public Optional<String> failure() throws InterruptedException {
        Optional<String> ended = child.failure();
        return ended.isPresent() || connect == null ? ended : connect.failure(new ArrayList<>(connectors.keySet()));
    }

    @Override
    public void close() {
        child.close();
    }
}
