package dev.godwit.apply.immediate;

import dev.godwit.apply.ApplyException;
import java.util.concurrent.TimeUnit;

/** The time in which a partition's writer waits; a simulation has its own. */
public interface WriterTime {
    /** That of this machine. */
    WriterTime SYSTEM = new WriterTime() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void sleep(long millis) {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ApplyException("interrupted while writing", e);
            }
        }
    };

    /** To be compared with another of these only. */
    long nanos();

    /** @throws ApplyException if the thread is interrupted */
    void sleep(long millis);
}
