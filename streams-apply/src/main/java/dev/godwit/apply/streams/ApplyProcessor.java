package dev.godwit.apply.streams;

import dev.godwit.apply.change.Origin;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** The one processor of the topology: hands every record of a chunk to the task's {@link TaskPipeline}. */
final class ApplyProcessor implements Processor<byte[], RecordChunk, Void, Void> {
    private static final Duration FAILURE_CHECK_INTERVAL = Duration.ofMillis(200);

    private final TaskPipeline.Opener pipelines;
    private ProcessorContext<Void, Void> context;
    private TaskPipeline pipeline;

    ApplyProcessor(TaskPipeline.Opener pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public void init(ProcessorContext<Void, Void> processorContext) {
        context = processorContext;
        pipeline = pipelines.open(context.taskId().partition());
        // While no record comes, a failure of the lanes must still stop the task; and asking for a commit here is what
        // lets restart offsets of an idle topic reach Kafka.
        context.schedule(FAILURE_CHECK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> {
            pipeline.throwIfFailed();
            context.commit();
        });
    }

    @Override
    public void process(Record<byte[], RecordChunk> message) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
        for (ConsumerRecord<byte[], byte[]> one : message.value().messages()) {
            pipeline.accept(new Origin(partition, one.offset()), one.key(), one.value());
        }
    }

    /** Also called when the task moves to another instance: what is not written yet is read again there. */
    @Override
    public void close() {
        if (pipeline != null) {
            pipeline.close();
            pipeline = null;
        }
    }
}
