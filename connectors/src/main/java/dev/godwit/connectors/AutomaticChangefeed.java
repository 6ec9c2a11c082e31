package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.function.Supplier;

/**
 * CockroachDB's own changefeed; where the cluster has no licence for Kafka sinks, or would call topics otherwise, our source connector
 * instead. Messages and topics are the same. What was deployed once stays what it is.
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
        if (!isOwn(own.status())) {
            existing.resume();
            return;
        }
        try {
            own.deploy();
        } catch (NoOwnFeedException e) {
            try {
                connect.get().deploy();
            } catch (RefusedException refused) {
                throw new RefusedException(
                        e.getMessage() + ", and the source connector that needs nothing of the kind is refused too: "
                                + refused.getMessage(),
                        refused.remedy(),
                        refused);
            }
        }
    }

    /** False if the connector of this phase is what there is: then the cluster has no job that may go on. */
    private boolean isOwn(ChangefeedStatus status) {
        return switch (status.state()) {
            case ABSENT -> !existing.exists();
            case FAILED -> !existsAsFarAsKnown();
            case STARTING, RUNNING, PAUSED -> true;
        };
    }

    /** Connect need not be there for a feed of the cluster's own. */
    private boolean existsAsFarAsKnown() {
        try {
            return existing.exists();
        } catch (RefusedException e) {
            return false;
        }
    }

    private Changefeed current() {
        return isOwn(own.status()) ? own : existing;
    }

    @Override
    public ChangefeedStatus status() {
        ChangefeedStatus status = own.status();
        return isOwn(status) ? status : existing.status();
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
        if (!isOwn(own.status())) {
            existing.delete();
        }
        own.delete(); // one that has ended long before the connector was made, too: it would be taken for what is there
    }
}
