package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.Locale;

/** The cluster cannot send its changes into Kafka by itself, or not into our topics. Our source connector can. */
final class NoOwnFeedException extends RefusedException {
    private static final long serialVersionUID = 1L;

    /** @param message a whole sentence without its full stop */
    NoOwnFeedException(String message, Throwable cause) {
        super(message, "let Kafka Connect read the changes: failback.changefeed: connect, or --via connect", cause);
    }

    /**
     * Whether the cluster lacks a licence for changefeeds into Kafka, which it needs before v24.3.
     *
     * @param message of the server
     */
    static boolean isAboutLicence(String message) {
        String words = String.valueOf(message).toLowerCase(Locale.ROOT);
        return words.contains("license") && (words.contains("enterprise") || words.contains("changefeed"));
    }
}
