package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * In mode immediate nobody can tell a row that Godwit has written for the opposite direction: the mark of its transaction
 * comes by another topic, perhaps later. So the two directions must not overlap, and the first such mark stops the applier.
 */
final class Echoes {
    private final Set<String> topics = new HashSet<>();
    private final String direction;
    private final byte[] opposite;

    Echoes(ApplyConfig config) {
        for (Map.Entry<String, TableName> topic : config.topics().entrySet()) {
            if (topic.getValue().equals(LedgerSchema.APPLIED)) {
                topics.add(topic.getKey());
            }
        }
        this.direction = config.direction();
        this.opposite = DomainNames.opposite(direction).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws ApplyException if the record is such a mark */
    void refuse(Origin origin, byte[] key, byte[] value) {
        if (topics.contains(origin.partition().topic()) && (contains(key) || contains(value))) {
            throw new ApplyException("the record at " + origin
                    + " is the mark of a transaction that the opposite direction, "
                    + new String(opposite, StandardCharsets.UTF_8) + ", has written, and in mode immediate " + direction
                    + " cannot tell its rows from others: some may have been written back. Compare both sides (godwit verify);"
                    + " never apply both directions at the same time in mode immediate");
        }
    }

    /** Names of domains are ASCII, in whatever the message is written. In JSON it is known where one begins and ends. */
    private boolean contains(byte[] message) {
        if (message == null || opposite.length == 0) {
            return false;
        }
        boolean json = message.length > 0 && (message[0] == '{' || message[0] == '[');
        for (int from = 0; from + opposite.length <= message.length; from++) {
            int length = 0;
            while (length < opposite.length && message[from + length] == opposite[length]) {
                length++;
            }
            if (length == opposite.length && (!json || isWhole(message, from))) {
                return true;
            }
        }
        return false;
    }

    /** Behind the name of the direction may be that of one of its domains. */
    private boolean isWhole(byte[] message, int from) {
        int end = from + opposite.length;
        return from > 0
                && message[from - 1] == '"'
                && end < message.length
                && (message[end] == '"' || message[end] == '.');
    }
}
