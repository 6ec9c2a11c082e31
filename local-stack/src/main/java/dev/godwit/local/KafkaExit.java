package dev.godwit.local;

import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker and Connect worker end the whole JVM when they meet something fatal: a port that is taken, a herder that cannot read its topics. In
 * one JVM with an application that is not theirs to decide: here the thread that asks for it ends, with an exception, and the wait for the part
 * to be ready reports it.
 */
final class KafkaExit {
    private static final Logger log = LoggerFactory.getLogger(KafkaExit.class);

    private KafkaExit() {}

    /** Holds for the whole JVM, from now on; may be called any number of times. */
    static void becomesAnException() {
        Exit.setExitProcedure(KafkaExit::refuse);
        Exit.setHaltProcedure(KafkaExit::refuse);
    }

    private static void refuse(int code, String message) {
        String text = "a part of Kafka gave up with code " + code + (message == null ? "" : ": " + message);
        log.error(text);
        throw new IllegalStateException(text);
    }
}
