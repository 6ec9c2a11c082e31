package dev.godwit.connectors;

/**
 * What brings the changes of the target back into Kafka, for failback: CockroachDB's own changefeed, or what stands in for it.
 *
 * <p>Every method may be called again after a crash at any point.
 */
public interface Changefeed {

    /**
     * Creates topics and changefeed where they are missing and returns when changes flow. One that is there already goes on where it was.
     *
     * @throws dev.godwit.database.RefusedException if something does not fit; nothing is changed then
     * @throws ConnectorFailedException if it does not run
     */
    void deploy();

    /** Never waits. */
    ChangefeedStatus status();

    /** Returns when no more changes come. The target keeps old versions of rows meanwhile. */
    void pause();

    /** Goes on where it was, and returns when changes flow. */
    void resume();

    /** Ends it for good; topics stay. Does nothing if there is none. */
    void delete();
}
