package dev.godwit.fetch.load;

import dev.godwit.fetch.session.LoadBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Does the work of a queue with several threads. The first failure ends all of them. */
final class Workers<T> {
    /** What is done with a piece. */
    interface Job<T> {
        /** @param worker number from 0 of the one that calls */
        void run(int worker, WorkQueue.Work<T> work) throws LoadBrokenException, InterruptedException;
    }

    private final WorkQueue<T> queue;
    private final Runnable abort;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** @param abort cuts off what the threads wait for, so that they end */
    Workers(WorkQueue<T> queue, Runnable abort) {
        this.queue = queue;
        this.abort = abort;
    }

    /** Returns when the queue is empty and every piece is done. */
    void run(int count, Job<T> job) throws LoadBrokenException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int worker = i;
            threads.add(new Thread(() -> work(worker, job), "godwit-fetch-" + (i + 1)));
        }
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            stop(e);
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join();
            }
            throw e;
        }
        Throwable broken = failure.get();
        if (broken instanceof LoadBrokenException known) {
            throw known;
        }
        if (broken != null) {
            throw new LoadBrokenException("the load broke off: " + broken, "", broken);
        }
    }

    /** Failures that follow from the first, since it cuts all connections off, are not news. */
    private void stop(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            queue.stop();
            abort.run();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a worker must not die without stopping the others
    private void work(int worker, Job<T> job) {
        try {
            WorkQueue.Work<T> work = queue.take();
            while (work != null) {
                job.run(worker, work);
                work = queue.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop(e);
        } catch (Exception | Error e) {
            stop(e);
        }
    }
}
