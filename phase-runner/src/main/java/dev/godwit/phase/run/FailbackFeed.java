package dev.godwit.phase.run;

import dev.godwit.connectors.Changefeed;
import dev.godwit.connectors.PhaseDirection;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.util.List;

/** Provides what brings the target's changes into Kafka, for {@code failback.changefeed: external}. */
public interface FailbackFeed {

    /**
     * Is called once per runner; must not do anything yet.
     *
     * @param captured the tables of the phase and those of {@code _godwit} that travel with them; the topic of each is
     *     {@link PhaseDirection#failbackTopic}, and they exist when the feed is deployed
     */
    Changefeed of(Database target, PhaseDirection phase, List<TableName> captured);
}
