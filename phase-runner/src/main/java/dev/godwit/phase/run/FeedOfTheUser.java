package dev.godwit.phase.run;

import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.ChangefeedStatus;
import java.util.Optional;

/** A feed that somebody else runs. Nothing is known of it but what arrives. */
final class FeedOfTheUser implements Changefeed {
    @Override
    public void deploy() {
        // Its messages are waited for later.
    }

    @Override
    public ChangefeedStatus status() {
        return new ChangefeedStatus(
                ChangefeedStatus.State.RUNNING,
                "a feed of yours (failback.changefeed: external)",
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public void pause() {
        // Is somebody else's matter.
    }

    @Override
    public void resume() {
        // Is somebody else's matter.
    }

    @Override
    public void delete() {
        // Is somebody else's matter.
    }
}
