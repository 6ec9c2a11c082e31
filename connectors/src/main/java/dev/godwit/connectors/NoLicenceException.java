package dev.godwit.connectors;

/** The cluster has no licence for changefeeds into Kafka. Our source connector needs none. */
final class NoLicenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoLicenceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param message of the server */
    static boolean isMeantBy(String message) {
        String words = String.valueOf(message).toLowerCase(java.util.Locale.ROOT);
        return words.contains("license") && (words.contains("enterprise") || words.contains("changefeed"));
    }
}
