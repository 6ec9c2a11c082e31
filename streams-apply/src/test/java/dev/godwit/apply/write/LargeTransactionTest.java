package dev.godwit.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyConfig.LargeTransactions;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.Transaction;
import dev.godwit.apply.spill.ChangeBuffer;
import dev.godwit.apply.spill.SpillSpace;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions that are too large for memory, written in chunks of three rows. */
class LargeTransactionTest {
    private static final long ONE_TARGET_TRANSACTION = Long.MAX_VALUE;
    private static PostgresServer server;

    @TempDir
    private Path directory;

    private Database database;
    private Catalog catalog;
    private SqlTarget target;
    private final List<Change> changes = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start("apply-large");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createTables() throws SQLException {
        database = Database.connect("target", server.createDatabase("t" + System.nanoTime()));
        execute("CREATE SCHEMA s");
        execute("CREATE TABLE s.parent (id int PRIMARY KEY, code text UNIQUE, note text)");
        execute("CREATE TABLE s.child (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES s.parent)");
        execute("CREATE TABLE s.written (id serial PRIMARY KEY, parent_id int)");
        execute("CREATE FUNCTION s.note() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN INSERT INTO s.written (parent_id) VALUES (NEW.id); RETURN NEW; END'");
        execute("CREATE TRIGGER note AFTER INSERT OR UPDATE ON s.parent FOR EACH ROW EXECUTE FUNCTION s.note()");
        catalog = database.catalog();
    }

    @AfterEach
    void closeTarget() {
        target.close();
    }

    @Test
    void isWrittenByOneTargetTransactionChunkByChunk() throws SQLException {
        for (int i = 1; i <= 20; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "n" + i);
            upsert("child", "id", "" + i, "parent_id", "" + i);
        }
        delete("child", "7");
        delete("parent", "7");
        open(ONE_TARGET_TRANSACTION).write(batch(100));

        assertThat(query("SELECT count(*) FROM s.parent")).containsExactly("19");
        assertThat(query("SELECT count(*) FROM s.child")).containsExactly("19");
        assertThat(query("SELECT last_position FROM _godwit.applied")).containsExactly(new Lsn(100).toString());
    }

    @Test
    void aChangedKeyTakesItsUnsentValuesAlongAcrossTheBordersOfChunks() throws SQLException {
        for (int i = 1; i <= 4; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "long" + i);
        }
        for (int i = 1; i <= 4; i++) {
            delete("parent", "" + i);
            Change moved = upsertOf("parent", "id", "" + (10 + i), "code", "d" + i);
            changes.add(moved.withAfter(moved.after(), new Key("" + i)));
        }
        open(ONE_TARGET_TRANSACTION).write(batch(100));

        assertThat(query("SELECT id || code || note FROM s.parent ORDER BY id"))
                .containsExactly("11d1long1", "12d2long2", "13d3long3", "14d4long4");
    }

    @Test
    void rowsThatHoldEachOthersUniqueValuesMayStandInDifferentChunks() throws SQLException {
        execute("INSERT INTO s.parent SELECT i, 'c' || i FROM generate_series(1, 6) i");
        for (int i = 1; i <= 6; i++) {
            upsert("parent", "id", "" + i, "code", "c" + (i % 6 + 1), "note", "rotated");
        }
        open(ONE_TARGET_TRANSACTION).write(batch(100));

        assertThat(query("SELECT string_agg(code, ',' ORDER BY id) FROM s.parent"))
                .containsExactly("c2,c3,c4,c5,c6,c1");
    }

    @Test
    void aChildMayStandInAnEarlierChunkThanItsParent() throws SQLException {
        for (int i = 1; i <= 8; i++) {
            upsert("child", "id", "" + i, "parent_id", "" + i);
        }
        for (int i = 1; i <= 8; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "late");
        }
        open(4).write(batch(100));

        assertThat(query("SELECT count(*) FROM s.child")).containsExactly("8");
    }

    @Test
    void truncatesOfSeveralTablesMayBePartedByABorderOfChunks() throws SQLException {
        execute("INSERT INTO s.parent SELECT i, 'c' || i FROM generate_series(1, 6) i");
        execute("INSERT INTO s.child SELECT i, i FROM generate_series(1, 6) i");
        upsert("parent", "id", "7", "code", "c7", "note", "goes");
        upsert("child", "id", "7", "parent_id", "7");
        truncate("parent"); // the end of a chunk, at which the children are still there
        truncate("child");
        for (int i = 1; i <= 4; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "again");
            upsert("child", "id", "" + i, "parent_id", "" + i);
        }
        open(4).write(batch(100));

        assertThat(query("SELECT id || note FROM s.parent ORDER BY id"))
                .containsExactly("1again", "2again", "3again", "4again");
        assertThat(query("SELECT count(*) FROM s.child")).containsExactly("4");
    }

    @Test
    void isNotWrittenAtAllWhereTheTargetRefusesEveryBorder() throws SQLException {
        for (int i = 1; i <= 40; i++) {
            upsert("child", "id", "" + i, "parent_id", "" + i);
        }
        for (int i = 1; i <= 40; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "too late");
        }
        open(ONE_TARGET_TRANSACTION);

        assertThatThrownBy(() -> target.write(batch(100)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("refuses transaction 0/64 of 80 rows")
                .hasMessageContaining("s.child key (1)")
                .hasMessageContaining("DEFERRABLE");
        assertThat(query("SELECT count(*) FROM s.child")).containsExactly("0");
        assertThat(query("SELECT count(*) FROM _godwit.applied")).containsExactly("0");
    }

    @Test
    void whatIsDeferredOnTheTargetTooIsInOrderAtTheCommit() throws SQLException {
        execute("ALTER TABLE s.child ALTER CONSTRAINT child_parent_id_fkey DEFERRABLE");
        for (int i = 1; i <= 40; i++) {
            upsert("child", "id", "" + i, "parent_id", "" + i);
        }
        for (int i = 1; i <= 40; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", "late");
        }
        open(10).write(batch(100));

        assertThat(query("SELECT count(*) FROM s.child")).containsExactly("40");
        assertThat(query("SELECT count(*) FROM _godwit.applied")).containsExactly("1");
    }

    @Test
    void piecesThatAreInAreNotWrittenAgain() throws SQLException {
        execute("ALTER TABLE s.parent ADD CONSTRAINT stop CHECK (note <> 'stop')");
        for (int i = 1; i <= 30; i++) {
            upsert("parent", "id", "" + i, "code", "c" + i, "note", i == 20 ? "stop" : "go");
        }
        open(6);
        assertThatThrownBy(() -> target.write(batch(100)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.parent key (19)")
                .hasMessageContaining("Nothing of this piece is written");
        assertThat(query("SELECT count(*) FROM s.parent")).containsExactly("18");
        assertThat(query("SELECT last_position FROM _godwit.applied")).containsExactly("0/64#17");

        target.close();
        execute("ALTER TABLE s.parent DROP CONSTRAINT stop");
        open(6).write(batch(100));

        assertThat(query("SELECT count(*) FROM s.parent")).containsExactly("30");
        assertThat(query("SELECT count(*) FROM s.written"))
                .as("no row was written twice")
                .containsExactly("30");
        assertThat(query("SELECT last_position FROM _godwit.applied")).containsExactly("0/64");
    }

    private SqlTarget open(long targetTransactionRowsMax) throws SQLException {
        LargeTransactions large = new LargeTransactions(0, targetTransactionRowsMax, 3, 1 << 20);
        target = new SqlTarget(
                database, "m-p-forward", database.catalog(), Map.of(), 1, new Retries(Duration.ofSeconds(30)), large);
        target.takeOver();
        return target;
    }

    private Batch batch(long lsn) {
        ChangeBuffer buffer = new SpillSpace(directory.resolve("spill"), 0).newBuffer();
        for (int i = 0; i < changes.size(); i++) {
            buffer.add(i, changes.get(i));
        }
        buffer.seal();
        return new Batch(List.of(new Transaction(new Lsn(lsn), Instant.EPOCH, List.of(), null, buffer.spilled())));
    }

    private void upsert(String table, String... namesAndValues) {
        changes.add(upsertOf(table, namesAndValues));
    }

    /** @param namesAndValues the first is the key */
    private Change upsertOf(String table, String... namesAndValues) {
        Layout layout = layout(table);
        Row row = new Row(layout);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.set(layout.index(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return new Change(layout.table(), Operation.UPSERT, new Key(namesAndValues[1]), null, row, origin());
    }

    private void delete(String table, String key) {
        changes.add(new Change(layout(table).table(), Operation.DELETE, new Key(key), null, null, origin()));
    }

    private void truncate(String table) {
        changes.add(new Change(layout(table).table(), Operation.TRUNCATE, null, null, null, origin()));
    }

    private Layout layout(String table) {
        return new Layout(catalog.table(new TableName("s", table)).orElseThrow());
    }

    private Origin origin() {
        return new Origin(new TopicPartition("topic", 0), changes.size());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }
}
