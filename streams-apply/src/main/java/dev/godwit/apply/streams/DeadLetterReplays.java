package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.apply.decode.Decoder;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.write.Retries;
import dev.godwit.apply.write.SqlTarget;
import dev.godwit.apply.write.Target;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the replay of the dead letters of one ordering domain together from the parts of an applier. */
public final class DeadLetterReplays {
    private final DeadLetterReplay replay;
    private final ApplyConfig config;
    private final Tables tables;
    private final Map<TableName, RowFilter> slices = new HashMap<>();

    /**
     * For every ordering domain of a direction; none in mode immediate, which puts nothing aside.
     *
     * @throws dev.godwit.database.RefusedException if the tables of both sides do not fit, or are not those any more that the letters
     *     were written with
     */
    public static List<DeadLetterReplays> of(ApplyConfig direction) {
        if (direction.mode() == ApplyMode.IMMEDIATE) {
            return List.of();
        }
        Tables tables = Tables.read(direction);
        FormerTables.check(direction, tables);
        return DomainParts.of(direction, tables).stream()
                .map(DeadLetterReplays::new)
                .toList();
    }

    private DeadLetterReplays(DomainParts part) {
        this.config = part.config();
        this.tables = part.tables();
        config.slices().forEach(slice -> slice.filter().ifPresent(filter -> slices.put(slice.table(), filter)));
        Decoder decoder = Pipeline.decoder(config, tables);
        Slicer slicer = new Slicer(slices);
        this.replay = new DeadLetterReplay(
                config.domain(),
                config.replicationTarget(),
                InputTopics.clientSettings(config),
                (origin, key, value) -> {
                    Change change = change(decoder.decode(origin, key, value));
                    return change == null ? null : slicer.slice(change);
                });
    }

    private static Change change(Event event) {
        if (event instanceof Event.TransactionRow row) {
            return row.change();
        }
        if (event instanceof Event.TimestampedRow row) {
            return row.change();
        }
        throw new ApplyException("the record of a dead letter is no change: " + event);
    }

    public String domain() {
        return config.domain();
    }

    /** What would be replayed now. */
    public DeadLetterReplay replay() {
        return replay;
    }

    /** See {@link DeadLetterReplay#run}. */
    public void run(DeadLetterReplay.Listener listener) {
        Retries retries = new Retries(config.limits().retryTimeMax());
        try (Target target = new SqlTarget(
                config.replicationTarget(),
                DeadLetterReplay.targetDomain(config.domain()),
                tables.targetCatalog(),
                slices,
                1,
                retries)) {
            replay.run(target, listener);
        }
    }
}
