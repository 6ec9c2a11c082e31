package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.function.Supplier;

/**
 * CockroachDB's own changefeed; where the cluster has no licence for Kafka sinks, our source connector instead. Messages and topics are
 * the same. What was deployed once stays what it is.
 */
public final class AutomaticChangefeed implements Changefeed {
    private final CockroachChangefeed own;
    private final ConnectChangefeed existing;
    private final Supplier<ConnectChangefeed> connect;

    /**
     * @param existing what Connect may already have
     * @param connect what to deploy; asked for only if it is needed
     */
    public AutomaticChangefeed(
            CockroachChangefeed own, ConnectChangefeed existing, Supplier<ConnectChangefeed> connect) {
        this.own = own;
        this.existing = existing;
        this.connect = connect;
    }

    @Override
    public void deploy() {
        if (own.status().state() == ChangefeedStatus.State.ABSENT && existing.exists()) {
            existing.resume();
            return;
        }
        try {
            own.deploy();
        } catch (NoLicenceException e) {
            try {
                connect.get().deploy();
            } catch (RefusedException refused) {
                throw new RefusedException(
                        "the target has no licence for changefeeds into Kafka (" + e.getMessage()
                                + "), and the source connector that needs none is refused too: " + refused.getMessage(),
                        refused.remedy(),
                        refused);
            }
        }
    }

    /** A connector is asked for only where the cluster has no job: Connect need not be there for a feed of the cluster's own. */
    private Changefeed current() {
        return own.status().state() == ChangefeedStatus.State.ABSENT ? existing : own;
    }

    @Override
    public ChangefeedStatus status() {
        ChangefeedStatus status = own.status();
        return status.state() == ChangefeedStatus.State.ABSENT ? existing.status() : status;
    }

    @Override
    public void pause() {
        current().pause();
    }

    @Override
    public void resume() {
        current().resume();
    }

    @Override
    public void delete() {
        current().delete();
    }
}
