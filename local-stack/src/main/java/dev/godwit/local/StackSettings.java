package dev.godwit.local;

import java.util.Map;

/**
 * What a {@link LocalStack} is made of. The maps replace default settings of the servers; the key {@code port} fixes the port on which a
 * server answers.
 *
 * @param source what the source is
 * @param target what plays the target database
 * @param targetDatabase settings of the target, if it is PostgreSQL
 * @param processes whether broker and Connect worker are processes of their own, which can be killed; else they run in this JVM, and are
 *     there sooner
 */
public record StackSettings(
        Source source,
        Target target,
        Map<String, String> kafka,
        Map<String, String> connect,
        Map<String, String> sourceDatabase,
        Map<String, String> targetDatabase,
        boolean processes) {

    /** What the source database is. */
    public enum Source {
        POSTGRESQL("postgresql"),
        /** A real MySQL, which Maven fetches when it is first needed. */
        MYSQL("mysql");

        private final String label;

        Source(String label) {
            this.label = label;
        }

        /** As it stands on the command line. */
        public String label() {
            return label;
        }
    }

    /** What plays the target database. */
    public enum Target {
        /** PostgreSQL, whose changes the changefeed stand-in sends in CockroachDB's format. */
        POSTGRESQL_STAND_IN("postgresql-stand-in"),
        /** A real CockroachDB; needs a {@code cockroach} program. */
        COCKROACHDB("cockroachdb");

        private final String label;

        Target(String label) {
            this.label = label;
        }

        /** As it stands in output. */
        public String label() {
            return label;
        }
    }

    public StackSettings {
        kafka = Map.copyOf(kafka);
        connect = Map.copyOf(connect);
        sourceDatabase = Map.copyOf(sourceDatabase);
        targetDatabase = Map.copyOf(targetDatabase);
    }

    /** Broker and Connect worker in this JVM. */
    public StackSettings(
            Source source,
            Target target,
            Map<String, String> kafka,
            Map<String, String> connect,
            Map<String, String> sourceDatabase,
            Map<String, String> targetDatabase) {
        this(source, target, kafka, connect, sourceDatabase, targetDatabase, false);
    }

    /** A PostgreSQL source. */
    public StackSettings(
            Target target,
            Map<String, String> kafka,
            Map<String, String> connect,
            Map<String, String> sourceDatabase,
            Map<String, String> targetDatabase) {
        this(Source.POSTGRESQL, target, kafka, connect, sourceDatabase, targetDatabase);
    }

    /** The same with broker and Connect worker in processes of their own. */
    public StackSettings inProcesses() {
        return new StackSettings(source, target, kafka, connect, sourceDatabase, targetDatabase, true);
    }

    public static StackSettings defaults(Target target) {
        return defaults(Source.POSTGRESQL, target);
    }

    public static StackSettings defaults(Source source, Target target) {
        return new StackSettings(source, target, Map.of(), Map.of(), Map.of(), Map.of());
    }
}
