package dev.godwit.phase.run;

/** Names of entries that more than one step writes. */
final class Evidences {
    /** How long a marker took from one database to the other. */
    static final String LAG_MS = "lag_ms";
    /** Up to where the replication target had everything. */
    static final String CONSISTENT_POINT = "consistent_point";

    /** Changes that stand aside instead of being applied. */
    static final String DEAD_LETTERS = "dead_letters";

    private Evidences() {}
}
