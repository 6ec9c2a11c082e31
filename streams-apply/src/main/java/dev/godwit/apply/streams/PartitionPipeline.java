package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Decoder;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.immediate.Captured;
import dev.godwit.apply.immediate.PartitionApplier;
import dev.godwit.apply.immediate.PartitionLane;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.write.PartitionTarget;
import dev.godwit.apply.write.Retries;
import dev.godwit.apply.write.SqlPartitionTarget;
import dev.godwit.apply.write.UsualOrder;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Decode, slice, write: the parts of a task in mode immediate, put together. Fed by one thread. */
final class PartitionPipeline implements TaskPipeline {
    private final PartitionTarget target;
    private final Retries retries;
    private final Decoder decoder;
    private final Echoes echoes;
    private final PartitionApplier applier;
    private final ApplyStatistics statistics;

    private PartitionPipeline(
            PartitionTarget target,
            Retries retries,
            Decoder decoder,
            Echoes echoes,
            PartitionApplier applier,
            ApplyStatistics statistics) {
        this.target = target;
        this.retries = retries;
        this.decoder = decoder;
        this.echoes = echoes;
        this.applier = applier;
        this.statistics = statistics;
    }

    /**
     * What all partitions of a direction share.
     *
     * @param config of the direction
     * @param tables as they are now
     * @param partitions how many there are
     * @param captured null while it is not known
     */
    record Shared(
            ApplyConfig config,
            Supplier<Tables> tables,
            int partitions,
            PersistedOffsets persisted,
            Supplier<Captured> captured) {}

    /** Takes over the domain of one partition. Blocks while the target cannot be reached, up to the retry time. */
    static PartitionPipeline open(Shared shared, String domain, StartCheck startCheck, ApplyStatistics statistics) {
        ApplyConfig config = shared.config;
        Tables tables = shared.tables.get();
        Map<TableName, RowFilter> slices = new HashMap<>();
        config.slices().forEach(slice -> slice.filter().ifPresent(filter -> slices.put(slice.table(), filter)));
        Retries retries =
                new Retries(config.limits().retryTimeMax(), config.errors().retriesMax(), statistics::retried);
        PartitionTarget target =
                new SqlPartitionTarget(config.replicationTarget(), domain, tables.targetCatalog(), slices, retries);
        try {
            PartitionTarget.Taken taken = target.takeOver();
            DomainState state = taken.state();
            FormerTables.take(config, domain, tables, state.epoch(), retries);
            long gap = Pipeline.requireRecords(startCheck, state);
            shared.persisted.forget(startCheck.partitions());
            shared.persisted.persisted(state.restartOffsets());
            PartitionApplier applier = new PartitionApplier(
                    new PartitionLane.Setting(
                            domain,
                            config.format() == Format.CHANGEFEED,
                            startCheck.partitions(),
                            shared.partitions == 1,
                            new Slicer(slices),
                            shared.captured,
                            shared.persisted::reached,
                            new UsualOrder(tables.targetCatalog()),
                            progress -> shared.persisted.persisted(progress.restartOffsets())),
                    target,
                    taken,
                    config.limits().sharedBy(shared.partitions),
                    statistics);
            shared.persisted.pauseWhile(startCheck.partitions(), new ReadingPause(domain, applier::isFull, statistics));
            statistics.tookOver(gap, 1, () -> 0);
            OperatorLog.LOG.info(
                    "{}: took over with epoch {}, consistent up to {}; {} records will be read again",
                    domain,
                    state.epoch(),
                    state.consistentPoint() == null ? "nothing yet" : state.consistentPoint(),
                    gap);
            return new PartitionPipeline(
                    target, retries, Pipeline.decoder(config, tables), new Echoes(config), applier, statistics);
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    @Override
    public void accept(Origin origin, byte[] key, byte[] value) {
        throwIfFailed();
        statistics.read();
        echoes.refuse(origin, key, value);
        Event event;
        try {
            event = Pipeline.decode(decoder, origin, key, value);
        } catch (SchemaChangedException e) {
            applier.acceptUnreadable(origin, e);
            return;
        }
        applier.accept(origin, event);
    }

    @Override
    public void throwIfFailed() {
        Pipeline.throwIfFailed(applier.failure());
    }

    @Override
    public void close() {
        retries.stop();
        applier.close();
        target.close();
        statistics.gaveUp();
    }
}
