package dev.godwit.apply;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The few lines an operator should see: start, take-over, pauses, retries, stop. A logger of its own, so that a service
 * can show it while all else goes to a file.
 */
public final class OperatorLog {
    /** {@value}: the name to configure. */
    public static final String NAME = "godwit.operator";

    public static final Logger LOG = LoggerFactory.getLogger(NAME);

    private OperatorLog() {}
}
