package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyConfig.Format;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ApplyStatistics;
import dev.godwit.apply.OperatorLog;
import dev.godwit.apply.assemble.Assembler;
import dev.godwit.apply.assemble.ChangefeedAssembler;
import dev.godwit.apply.assemble.DebeziumAssembler;
import dev.godwit.apply.assemble.LoadedLater;
import dev.godwit.apply.assemble.Released;
import dev.godwit.apply.assemble.RestartOffsets;
import dev.godwit.apply.assemble.Slicer;
import dev.godwit.apply.change.HybridTimestamp;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.conflict.WriteSets;
import dev.godwit.apply.deadletter.DeadLetterTarget;
import dev.godwit.apply.deadletter.Parking;
import dev.godwit.apply.decode.AnyChangefeedDecoder;
import dev.godwit.apply.decode.AvroDebeziumDecoder;
import dev.godwit.apply.decode.DebeziumDecoder;
import dev.godwit.apply.decode.DebeziumLog;
import dev.godwit.apply.decode.Decoder;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.SchemaChangedException;
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.registry.HttpSchemaRegistry;
import dev.godwit.apply.registry.RegistrySettings;
import dev.godwit.apply.registry.SchemaRegistry;
import dev.godwit.apply.schedule.LaneScheduler;
import dev.godwit.apply.schedule.Lanes;
import dev.godwit.apply.schedule.Scheduler;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.apply.write.Retries;
import dev.godwit.apply.write.SqlTarget;
import dev.godwit.apply.write.Target;
import dev.godwit.apply.write.UsualOrder;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Decode, slice, assemble, schedule, write: the parts of one task, put together. Fed by one thread. */
final class Pipeline implements TaskPipeline {

    private final Target target;
    private final Retries retries;
    private final Decoder decoder;
    private final Assembler assembler;
    private final Scheduler scheduler;
    private final SpillSpace space;
    private final ApplyStatistics statistics;

    private Pipeline(
            Target target,
            Retries retries,
            Decoder decoder,
            Assembler assembler,
            Scheduler scheduler,
            SpillSpace space,
            ApplyStatistics statistics) {
        this.target = target;
        this.retries = retries;
        this.decoder = decoder;
        this.assembler = assembler;
        this.scheduler = scheduler;
        this.space = space;
        this.statistics = statistics;
    }

    /** Takes over the domain. Blocks while the target cannot be reached, up to the retry time. */
    static Pipeline open(
            ApplyConfig config,
            Tables tables,
            ApplyStatistics statistics,
            PersistedOffsets persisted,
            StartCheck startCheck) {
        Map<TableName, RowFilter> slices = new HashMap<>();
        config.slices().forEach(slice -> slice.filter().ifPresent(filter -> slices.put(slice.table(), filter)));
        int lanes = config.limits().lanes();
        Retries retries =
                new Retries(config.limits().retryTimeMax(), config.errors().retriesMax(), statistics::retried);
        Target written = new MeasuredTarget(
                new SqlTarget(
                        config.replicationTarget(),
                        config.domain(),
                        tables.targetCatalog(),
                        slices,
                        lanes,
                        retries,
                        config.limits().large()),
                statistics);
        Parking parking =
                new Parking(config.domain(), config.replicationTarget(), InputTopics.clientSettings(config), retries);
        Target target = new DeadLetterTarget(written, parking, config.errors(), statistics);
        try {
            DomainState state = target.takeOver();
            FormerTables.take(config, config.domain(), tables, state.epoch(), retries);
            long gap = requireRecords(startCheck, state);
            persisted.forget(startCheck.partitions());
            persisted.persisted(state.restartOffsets());
            SpillSpace space = new SpillSpace(
                    config.stateDirectory().resolve("spill").resolve(config.domain()),
                    config.limits().large().memoryBytesMax());
            RestartOffsets offsets = new RestartOffsets(state.restartOffsets());
            WriteSets writeSets = writeSets(config, tables, slices.keySet());
            Scheduler scheduler = new LaneScheduler(
                    config.domain(),
                    new Lanes(target, state, offsets, writeSets, config.limits(), statistics),
                    progress -> persisted.persisted(progress.restartOffsets()));
            persisted.pauseWhile(
                    startCheck.partitions(), new ReadingPause(config.domain(), scheduler::isFull, statistics));
            Released released =
                    LoadedLater.before(counted(scheduler, state, statistics), config.slices(), config.format());
            Assembler assembler = assembler(config, tables, state, offsets, space, new Slicer(slices), released);
            statistics.tookOver(gap, lanes, assembler::openTransactions);
            OperatorLog.LOG.info(
                    "{}: took over with epoch {}, consistent up to {}; {} records will be read again",
                    config.domain(),
                    state.epoch(),
                    state.consistentPoint() == null ? "nothing yet" : state.consistentPoint(),
                    gap);
            return new Pipeline(target, retries, decoder(config, tables), assembler, scheduler, space, statistics);
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    /** @return how many records will be read again although they are applied */
    static long requireRecords(StartCheck startCheck, DomainState state) {
        try {
            StartCheck.Kept kept = startCheck.read();
            startCheck.check(kept, state.restartOffsets());
            return kept.gap(state.restartOffsets());
        } catch (RefusedException e) {
            throw new ApplyException(e.getMessage() + "; " + e.remedy(), e);
        }
    }

    private static Released counted(Released next, DomainState state, ApplyStatistics statistics) {
        return (transaction, holder) -> {
            if (!transaction.isEmpty()) {
                if (state.isApplied(transaction.position())) {
                    statistics.skipped();
                } else {
                    statistics.released(transaction);
                }
            }
            next.release(transaction, holder);
        };
    }

    /** A transaction that does not fit into one batch goes alone. */
    private static WriteSets writeSets(ApplyConfig config, Tables tables, Set<TableName> sliced) {
        WriteSets.Images images =
                new WriteSets.Images(tables.withOldRows(config.format()), sliced, config.format() != Format.CHANGEFEED);
        return new WriteSets(
                tables.targetCatalog(),
                tables.captured().keySet(),
                images,
                config.limits().batchRowsMax());
    }

    private static Assembler assembler(
            ApplyConfig config,
            Tables tables,
            DomainState state,
            RestartOffsets offsets,
            SpillSpace space,
            Slicer slicer,
            Released released) {
        return switch (config.format()) {
            case DEBEZIUM_POSTGRESQL, DEBEZIUM_MYSQL -> new DebeziumAssembler(slicer, offsets, space, state, released);
            case CHANGEFEED -> {
                List<TopicPartition> partitions = config.topics().keySet().stream()
                        .map(topic -> new TopicPartition(topic, 0))
                        .toList();
                yield new ChangefeedAssembler(
                        slicer,
                        offsets,
                        space,
                        new UsualOrder(tables.targetCatalog()),
                        partitions,
                        (HybridTimestamp) state.consistentPoint(),
                        released);
            }
        };
    }

    static Decoder decoder(ApplyConfig config, Tables tables) {
        Optional<SchemaRegistry> registry =
                RegistrySettings.of(config.kafkaProperties()).map(HttpSchemaRegistry::new);
        return switch (config.format()) {
            case DEBEZIUM_POSTGRESQL, DEBEZIUM_MYSQL -> {
                Decoder json = new DebeziumDecoder(
                        config.format() == Format.DEBEZIUM_MYSQL ? DebeziumLog.mysql() : DebeziumLog.postgres(),
                        config.direction(),
                        config.transactionTopic().orElseThrow(),
                        config.topics(),
                        tables.captured());
                Decoder any = registry.<Decoder>map(known -> new AvroDebeziumDecoder(known, json))
                        .orElse(json);
                yield config.mode() == ApplyMode.GROUPED ? new OwnCollections(any, config) : any;
            }
            case CHANGEFEED ->
                new AnyChangefeedDecoder(config.direction(), config.topics(), tables.captured(), registry);
        };
    }

    @Override
    public void accept(Origin origin, byte[] key, byte[] value) {
        throwIfFailed();
        statistics.read();
        Event event;
        try {
            event = decode(decoder, origin, key, value);
        } catch (SchemaChangedException e) {
            assembler.acceptUnreadable(origin, e);
            return;
        }
        assembler.accept(origin, event);
    }

    /** Whatever the decoder did not expect must still name the place. */
    static Event decode(Decoder decoder, Origin origin, byte[] key, byte[] value) {
        try {
            return decoder.decode(origin, key, value);
        } catch (ApplyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ApplyException("cannot understand the message at " + origin + ": " + e, e);
        }
    }

    @Override
    public void throwIfFailed() {
        throwIfFailed(scheduler.failure());
    }

    static void throwIfFailed(Throwable failure) {
        if (failure instanceof ApplyException e) {
            throw e;
        }
        if (failure != null) {
            throw new ApplyException("the applier has stopped: " + failure, failure);
        }
    }

    @Override
    public void close() {
        retries.stop();
        scheduler.close();
        target.close();
        statistics.gaveUp();
        space.close();
    }
}
