package dev.godwit.local.changefeed;

import dev.godwit.database.catalog.TableName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names of topics, and the partition of a key, as CockroachDB has them. */
public final class ChangefeedTopics {
    private ChangefeedTopics() {}

    /** With {@code full_table_name}: {@code <prefix><database>.<schema>.<table>}; what Kafka does not take in a name becomes {@code _u0020_}. */
    public static String topic(String prefix, String database, TableName table) {
        String name = prefix + database + "." + table.schema() + "." + table.name();
        StringBuilder topic = new StringBuilder();
        name.codePoints().forEach(character -> {
            boolean plain = character < 128 && (Character.isLetterOrDigit(character) || "._-".indexOf(character) >= 0);
            topic.append(
                    plain
                            ? Character.toString(character)
                            : String.format(Locale.ROOT, character < 0x10000 ? "_u%04x_" : "_u%08x_", character));
        });
        return topic.substring(0, Math.min(topic.length(), 249));
    }

    /** FNV-1a, 32 bits, taken as a signed number, as the Kafka client of CockroachDB does. */
    static int partition(String key, int partitions) {
        int hash = 0x811c9dc5;
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return Math.abs(hash % partitions);
    }
}
