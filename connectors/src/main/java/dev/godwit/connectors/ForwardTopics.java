package dev.godwit.connectors;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The topics of a forward direction: those of tables may have several partitions, all others have one. What the connector itself reads at each start is kept for
 * ever, whatever the retention of the others: without it, it starts no more.
 */
final class ForwardTopics {
    private final ForwardSettings settings;
    private final List<String> ofTables = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> ofConnector;

    ForwardTopics(ForwardSettings settings, ForwardSource source) {
        this.settings = settings;
        source.captured().forEach(table -> ofTables.add(settings.phase().tableTopic(settings.source(), table)));
        others.add(settings.phase().transactionTopic());
        others.add(settings.phase().heartbeatTopic());
        ofConnector = source.moreTopics();
    }

    List<String> names() {
        List<String> names = new ArrayList<>(ofTables);
        names.addAll(others);
        names.addAll(ofConnector);
        return List.copyOf(names);
    }

    private TopicSettings single() {
        return settings.topics().withPartitions(1);
    }

    private TopicSettings forEver() {
        return single().withoutRetention();
    }

    /** As {@link Topics#check}. */
    void check(Topics topics) {
        topics.check(ofTables, settings.topics());
        topics.check(others, single());
        topics.check(ofConnector, forEver());
    }

    /** As {@link Topics#create}. */
    Set<String> create(Topics topics) {
        check(topics);
        Set<String> created = new HashSet<>(topics.create(ofTables, settings.topics()));
        created.addAll(topics.create(others, single()));
        created.addAll(topics.create(ofConnector, forEver()));
        return created;
    }
}
