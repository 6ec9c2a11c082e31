package dev.godwit.connectors.plugin.source;

import dev.godwit.connectors.plugin.wire.WireException;
import java.util.Locale;

/** Whether it helps to begin the feed anew. */
enum FailureKind {
    /** A lost connection, a node that goes away, a rebalance: it does. */
    MAY_PASS,
    /** The history from the stored position on is gone. Beginning later would lose changes in silence. */
    HISTORY_GONE,
    /** Wrong password, no privilege, no such table, a statement that the server does not take, a table that is being imported. */
    PERMANENT;

    static FailureKind of(Exception failure) {
        if (failure instanceof IllegalArgumentException) {
            return PERMANENT;
        }
        if (!(failure instanceof WireException refusal)) {
            return MAY_PASS;
        }
        String words = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("gc threshold") || words.contains("garbage collect")) {
            return HISTORY_GONE;
        }
        if (words.contains("cannot target") || words.contains("was dropped") || words.contains("truncated")) {
            return PERMANENT;
        }
        return switch (refusal.sqlState().substring(0, 2)) {
            case "0A", "22", "28", "3D", "3F", "42" -> PERMANENT;
            default -> MAY_PASS;
        };
    }
}
