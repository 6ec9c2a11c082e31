package dev.godwit.apply.spill;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.SpilledChanges;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;

/**
 * The file of one transaction: runs of changes, each written when memory was needed and sorted in itself. Reading
 * merges them. Written by one thread; read by others when all is written.
 */
final class SpillFile implements SpilledChanges {
    private static final int WRITE_BUFFER_BYTES = 16 << 10;
    private static final int READ_BUFFER_BYTES_MAX = 64 << 10;
    private static final int READ_BUFFER_BYTES_MIN = 4 << 10;
    /** Of all runs together. */
    private static final int READ_BUFFERS_BYTES = 8 << 20;

    private final Path path;
    private final boolean stableOrder;
    private final FileChannel channel;
    private final DataOutputStream out;
    private final ChangeCodec codec = new ChangeCodec();
    /** Where each run begins, and behind them where the next one will. */
    private final List<Long> borders = new ArrayList<>(List.of(0L));

    private long rows;
    private long upserts;

    SpillFile(Path path, boolean stableOrder) {
        this.path = path;
        this.stableOrder = stableOrder;
        try {
            this.channel = FileChannel.open(
                    path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed("make", e);
        }
        this.out =
                new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), WRITE_BUFFER_BYTES));
    }

    /** Writes one run. */
    void append(SortedMap<Long, Change> run) {
        try {
            long last = 0;
            for (Map.Entry<Long, Change> entry : run.entrySet()) {
                Numbers.write(entry.getKey() - last, out);
                last = entry.getKey();
                codec.write(entry.getValue(), out);
                rows++;
                upserts += entry.getValue().operation() == Change.Operation.UPSERT ? 1 : 0;
            }
            out.flush();
            borders.add(channel.position());
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long upserts() {
        return upserts;
    }

    @Override
    public boolean hasStableOrder() {
        return stableOrder;
    }

    @Override
    public Reader read(long behind) {
        int runs = borders.size() - 1;
        int bufferBytes = Math.max(
                READ_BUFFER_BYTES_MIN, Math.min(READ_BUFFER_BYTES_MAX, READ_BUFFERS_BYTES / Math.max(1, runs)));
        PriorityQueue<Run> open = new PriorityQueue<>(Comparator.comparingLong(run -> run.order));
        try {
            for (int i = 0; i < runs; i++) {
                Run run = new Run(borders.get(i), borders.get(i + 1), bufferBytes);
                do {
                    run.advance();
                } while (run.change != null && run.order <= behind);
                if (run.change != null) {
                    open.add(run);
                }
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
        return new Merge(open, behind);
    }

    /** A run while it is read. */
    private final class Run {
        private final DataInputStream in;
        private long order;
        private Change change;

        private Run(long from, long to, int bufferBytes) {
            in = new DataInputStream(new BufferedInputStream(
                    new FilePart(channel, from, to), (int) Math.min(bufferBytes, Math.max(1, to - from))));
        }

        private void advance() throws IOException {
            in.mark(1);
            if (in.read() < 0) {
                change = null;
                return;
            }
            in.reset();
            order += Numbers.read(in);
            change = codec.read(in);
        }
    }

    /** All runs as one. */
    private final class Merge implements Reader {
        private final PriorityQueue<Run> open;
        private long order;

        private Merge(PriorityQueue<Run> open, long behind) {
            this.open = open;
            this.order = behind;
        }

        @Override
        public Change next() {
            Run run = open.poll();
            if (run == null) {
                return null;
            }
            Change change = run.change;
            order = run.order;
            try {
                run.advance();
            } catch (IOException e) {
                throw failed("read", e);
            }
            if (run.change != null) {
                open.add(run);
            }
            return change;
        }

        @Override
        public long order() {
            return order;
        }

        @Override
        public void close() {
            open.clear(); // the channel serves other readers too
        }
    }

    void delete() {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed("delete", e);
        }
    }

    private ApplyException failed(String what, IOException e) {
        return new ApplyException(
                "cannot " + what + " " + path + ", which holds a transaction that is too large for memory: " + e
                        + ". Nothing is lost: make room there, or start the applier with another state directory",
                e);
    }
}
