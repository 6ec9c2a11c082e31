package dev.godwit.phase.demo;

import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.ChangefeedStatus;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.LocalStack;
import dev.godwit.local.changefeed.ChangefeedStandIn;
import java.util.List;
import java.util.Optional;

/** The local stack's changefeed stand-in, in the place of CockroachDB's own changefeed. */
final class StandInFeed implements Changefeed, AutoCloseable {
    private final LocalStack stack;
    private final Database target;
    private final PhaseDirection phase;
    private final List<TableName> tables;
    private ChangefeedStandIn feed;
    private boolean paused;

    StandInFeed(LocalStack stack, Database target, PhaseDirection phase, List<TableName> tables) {
        this.stack = stack;
        this.target = target;
        this.phase = phase;
        this.tables = tables;
    }

    @Override
    public synchronized void deploy() {
        if (feed == null) {
            feed = ChangefeedStandIn.start(
                    target,
                    stack.kafka().bootstrapServers(),
                    tables,
                    phase.domain() + ".",
                    stack.directory().resolve(phase.domain()));
        } else {
            resume();
        }
    }

    @Override
    public synchronized ChangefeedStatus status() {
        if (feed == null) {
            return ChangefeedStatus.absent(phase.domain());
        }
        Optional<String> failure = feed.failure().map(Throwable::getMessage);
        ChangefeedStatus.State state = failure.isPresent()
                ? ChangefeedStatus.State.FAILED
                : paused ? ChangefeedStatus.State.PAUSED : ChangefeedStatus.State.RUNNING;
        return new ChangefeedStatus(state, phase.domain(), failure, Optional.empty());
    }

    @Override
    public synchronized void pause() {
        if (feed != null) {
            feed.pause();
            paused = true;
        }
    }

    @Override
    public synchronized void resume() {
        if (feed != null) {
            feed.resume();
            paused = false;
        }
    }

    @Override
    public synchronized void delete() {
        if (feed != null) {
            feed.drop();
            feed = null;
        }
    }

    @Override
    public synchronized void close() {
        if (feed != null) {
            feed.close();
        }
    }
}
