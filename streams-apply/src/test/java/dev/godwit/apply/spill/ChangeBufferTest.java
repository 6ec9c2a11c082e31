package dev.godwit.apply.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.SpilledChanges;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeBufferTest {
    private static final Layout A = layout("a");
    private static final Layout B = layout("b");

    @TempDir
    private Path directory;

    @Test
    void givesBackEveryValueExactlyAndInOrderHoweverOftenItHadToSpill() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            TreeMap<Long, Change> model = new TreeMap<>();
            SpillSpace space = new SpillSpace(directory.resolve("s"), random.nextInt(20_000));
            ChangeBuffer buffer = space.newBuffer();
            ChangeBuffer neighbour = space.newBuffer();
            for (int i = 0; i < 200; i++) {
                long order = random.nextInt(1_000_000);
                Change change = change(random);
                if (model.putIfAbsent(order, change) == null) {
                    buffer.add(order, change);
                }
                neighbour.add(i, change(random));
            }
            buffer.seal();

            assertThat(buffer.spilled().rows()).isEqualTo(model.size());
            assertThat(texts(buffer.spilled(), SpilledChanges.BEGINNING))
                    .as("seed %s", seed)
                    .isEqualTo(texts(model));
            long middle = model.firstKey() + random.nextInt(1_000_000);
            assertThat(texts(buffer.spilled(), middle))
                    .as("seed %s, behind %s", seed, middle)
                    .isEqualTo(texts(model.tailMap(middle, false)));
            buffer.discard();
        }
    }

    @Test
    void keepsInMemoryWhatFits() {
        SpillSpace space = new SpillSpace(directory.resolve("s"), 1 << 20);
        ChangeBuffer buffer = space.newBuffer();
        buffer.add(2, change(new Random(1)));
        buffer.add(1, change(new Random(2)));
        buffer.seal();

        assertThat(buffer.spilled()).isNull();
        assertThat(buffer.changes()).hasSize(2);
        assertThat(buffer.changesBehind(1)).hasSize(1);
        assertThat(directory.resolve("s")).doesNotExist();
    }

    @Test
    void deletesFilesThatAnEarlierProcessHasLeft() throws IOException {
        Path left = directory.resolve("s").resolve("transaction-1");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "left");

        ChangeBuffer buffer = new SpillSpace(directory.resolve("s"), 0).newBuffer();
        assertThat(left).doesNotExist();
        buffer.add(1, change(new Random(1)));
        assertThat(left).exists();
        buffer.seal();
        buffer.discard();
        assertThat(left).doesNotExist();
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Files.writeString(directory.resolve("file"), "no directory");
        ChangeBuffer buffer = new SpillSpace(directory.resolve("file").resolve("s"), 0).newBuffer();

        assertThatThrownBy(() -> buffer.add(1, change(new Random(1))))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining(directory.resolve("file").toString())
                .hasMessageContaining("state directory");
    }

    private static Change change(Random random) {
        Layout layout = random.nextBoolean() ? A : B;
        Operation operation = List.of(Operation.values()).get(random.nextInt(3));
        Key key = operation == Operation.TRUNCATE ? null : new Key(text(random), text(random));
        Row before = random.nextInt(3) == 0 ? null : random.nextInt(3) == 0 ? Row.none(layout) : row(layout, random);
        Row after = operation == Operation.UPSERT ? row(layout, random) : null;
        Key movedFrom = after != null && random.nextInt(4) == 0 ? new Key(text(random), text(random)) : null;
        Origin origin = random.nextInt(5) == 0
                ? null
                : new Origin(new TopicPartition("t" + random.nextInt(3), random.nextInt(2)), random.nextLong() >>> 1);
        return new Change(layout.table(), operation, key, before, after, movedFrom, origin);
    }

    private static Row row(Layout layout, Random random) {
        Row row = new Row(layout);
        for (int i = 0; i < 3; i++) {
            if (random.nextInt(4) > 0) {
                row.set(i, random.nextInt(4) == 0 ? null : text(random));
            } else if (random.nextBoolean()) {
                row.setYounger(i);
            }
        }
        return row;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(5) == 0 ? 300 : random.nextInt(8);
        boolean wide = random.nextBoolean();
        for (int i = 0; i < length; i++) {
            text.append((char) (wide ? random.nextInt(0x10000) : random.nextInt(256))); // lone surrogates among them
        }
        return text.toString();
    }

    private static List<String> texts(Map<Long, Change> changes) {
        List<String> texts = new ArrayList<>();
        changes.forEach((order, change) -> texts.add(order + " " + text(change)));
        return texts;
    }

    private static List<String> texts(SpilledChanges changes, long behind) {
        List<String> texts = new ArrayList<>();
        try (SpilledChanges.Reader reader = changes.read(behind)) {
            for (Change change = reader.next(); change != null; change = reader.next()) {
                texts.add(reader.order() + " " + text(change));
            }
        }
        return texts;
    }

    private static String text(Change change) {
        return change + " " + change.movedFrom() + " " + text(change.before()) + " " + text(change.after());
    }

    private static String text(Row row) {
        if (row == null || row.isNone()) {
            return row == null ? "unknown" : "none";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            text.append(row.isSent(i) ? "=" + row.value(i) : row.isYounger(i) ? "<" : "-")
                    .append(';');
        }
        return text.toString();
    }

    private static Layout layout(String name) {
        ColumnType type = new ColumnType(TypeKind.TEXT, "text", "text", -1, null);
        return new Layout(new Table(
                new TableName("s", name),
                List.of(
                        new Column("x", type, false, Generation.NONE, false),
                        new Column("y", type, false, Generation.NONE, false),
                        new Column("z", type, true, Generation.NONE, false)),
                List.of("x", "y"),
                List.of(),
                ReplicaIdentity.DEFAULT));
    }
}
