package dev.godwit.local;

import java.util.Locale;

/**
 * Kafka 4.3's {@code KafkaConfig} turns {@code classic} into the name of an enum constant by the rules of the JVM's locale; in Turkish that is
 * {@code CLASSİC}, and the broker does not start. It makes several such objects until it is up, and none later.
 */
final class RootLocale {
    private static final Object LOCK = new Object();

    private RootLocale() {}

    /** Runs with the neutral locale as the JVM's default, and puts the former one back. All threads see the change. */
    static void during(Runnable action) {
        synchronized (LOCK) {
            Locale before = Locale.getDefault();
            Locale.setDefault(Locale.ROOT);
            try {
                action.run();
            } finally {
                Locale.setDefault(before);
            }
        }
    }
}
