package dev.godwit.connectors;

import dev.godwit.connectors.plugin.source.KafkaNames;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How table names become names that Kafka allows. Each side has its own way, which must be met exactly. */
final class TopicNames {
    /** Kafka's own limit. */
    private static final int LENGTH_MAX = 249;

    private static final Pattern NOT_ALLOWED = Pattern.compile("[^a-zA-Z0-9._-]");

    private TopicNames() {}

    /** Debezium: each character that is not allowed becomes an underscore. */
    static String debezium(String name) {
        return NOT_ALLOWED.matcher(name).replaceAll("_");
    }

    /** As CockroachDB's Kafka sink and our own source connector name them. */
    static String cockroach(String name) {
        return KafkaNames.escaped(name);
    }

    /** @throws RefusedException if two tables would share a topic, or a topic's name is too long for Kafka */
    static void check(Collection<TableName> tables, Function<TableName, String> topicOf) {
        Map<String, TableName> owners = new HashMap<>();
        for (TableName table : tables) {
            String topic = topicOf.apply(table);
            TableName other = owners.put(topic, table);
            if (other != null && !other.equals(table)) {
                throw new RefusedException(
                        "the tables \"" + other + "\" and \"" + table + "\" would share the topic " + topic
                                + ", since Kafka does not allow every character",
                        "put them in different phases, or rename one of them");
            }
            if (topic.length() > LENGTH_MAX) {
                throw new RefusedException(
                        "the topic of table \"" + table + "\" would have " + topic.length()
                                + " characters, and Kafka allows " + LENGTH_MAX,
                        "choose shorter names for migration and phase, or rename the table");
            }
        }
    }
}
