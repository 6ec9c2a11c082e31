package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How table names become names that Kafka allows. Each side has its own way, which must be met exactly. */
final class TopicNames {
    /** Kafka's own limit. */
    private static final int LENGTH_MAX = 249;

    private static final Pattern NOT_ALLOWED = Pattern.compile("[^a-zA-Z0-9._-]");
    private static final Pattern LOOKS_ESCAPED = Pattern.compile("_u([0-9a-fA-F]{2,8})_");

    private TopicNames() {}

    /** Debezium: each character that is not allowed becomes an underscore. */
    static String debezium(String name) {
        return NOT_ALLOWED.matcher(name).replaceAll("_");
    }

    /** CockroachDB: each character that is not allowed becomes its code point, {@code _u00fc_}. */
    static String cockroach(String name) {
        // What already looks like such an escape has its first underscore escaped, so that the two cannot be mixed up.
        String unambiguous = LOOKS_ESCAPED.matcher(name).replaceAll("_u005f_u$1_");
        StringBuilder text = new StringBuilder();
        unambiguous.codePoints().forEach(character -> {
            String one = Character.toString(character);
            text.append(
                    NOT_ALLOWED.matcher(one).matches()
                            ? String.format(Locale.ROOT, character <= 0xffff ? "_u%04x_" : "_u%08x_", character)
                            : one);
        });
        return text.toString();
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
