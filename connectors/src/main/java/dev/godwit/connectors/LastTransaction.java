package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the transaction topic tells last: BEGIN or END of the transaction that the connector has sent last, as JSON or Avro. In both, the status comes first, and
 * both have texts as they are.
 */
record LastTransaction(String message) {
    /** Before it there is no more than the wire format's number of the schema, or the name of the field. */
    private static final int STATUS_WITHIN = 20;

    private static final Pattern GTID = Pattern.compile(
            "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::[a-z_][a-z0-9_]*)?:[0-9]+", Pattern.CASE_INSENSITIVE);

    /** Empty if nothing was sent, or nothing of it is left. */
    static Optional<LastTransaction> of(ForwardSettings settings) {
        return LastMessage.of(settings.phase().transactionTopic(), settings).map(LastTransaction::new);
    }

    /** Whether its END has not been sent. */
    boolean isOpen() {
        return message.substring(0, Math.min(message.length(), STATUS_WITHIN)).contains("BEGIN");
    }

    /** @throws RefusedException if the transaction has none */
    String gtid() {
        Matcher matcher = GTID.matcher(message);
        if (!matcher.find()) {
            throw new RefusedException(
                    "the last message of the transaction topic has no GTID: " + message,
                    "set gtid_mode to ON on the source, and load the phase again");
        }
        return matcher.group();
    }
}
