package dev.godwit.bench.child;

import dev.godwit.bench.message.WorkloadTopics;
import java.util.Locale;

/** Who is measured. */
public enum Contestant {
    /** Godwit's applier in its mode {@code consistent}. */
    CONSISTENT("Godwit, mode consistent", true),
    /** The same in its mode {@code immediate}, reading the same messages from topics of several partitions. */
    IMMEDIATE("Godwit, mode immediate, " + WorkloadTopics.PARTITIONS + " partitions", true),
    /** Debezium's JDBC sink connector, reading the very topics that Godwit reads; the schemas stand in its settings. */
    JDBC_SINK("Debezium JDBC sink, schemas in its settings", false),
    /** The same, reading messages that carry their schemas. */
    JDBC_SINK_INLINE_SCHEMAS("Debezium JDBC sink, schemas in the messages", false),
    /** Plain JDBC from memory. */
    LIMIT("limit: final rows from memory, plain JDBC", true);

    private final String description;
    private final boolean keepsForeignKeys;

    Contestant(String description, boolean keepsForeignKeys) {
        this.description = description;
        this.keepsForeignKeys = keepsForeignKeys;
    }

    public String description() {
        return description;
    }

    /** Whether its target has the workload's foreign keys. The sink writes each table on its own and breaks them. */
    public boolean keepsForeignKeys() {
        return keepsForeignKeys;
    }

    /** As in options and output. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
