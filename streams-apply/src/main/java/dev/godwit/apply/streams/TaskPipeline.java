package dev.godwit.apply.streams;

import dev.godwit.apply.change.Origin;

/** What a task of Kafka Streams hands its records to. Used by one thread. */
interface TaskPipeline extends AutoCloseable {

    /** Makes the one of a task. */
    interface Opener {
        /** Takes over the domain that the task is. Blocks while the target cannot be reached, up to the retry time. */
        TaskPipeline open(int task);
    }

    /** Takes the next record; what has stopped the writing is thrown here, too. */
    void accept(Origin origin, byte[] key, byte[] value);

    /** Throws in the stream thread what has stopped the writing. */
    void throwIfFailed();

    @Override
    void close();
}
