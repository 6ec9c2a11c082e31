package dev.godwit.connectors.plugin.wire;

import java.io.IOException;

/** What the server said no with. */
public final class WireException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    WireException(String sqlState, String message) {
        super(message);
        this.sqlState = sqlState;
    }

    /** Five characters, as in JDBC. */
    public String sqlState() {
        return sqlState;
    }
}
