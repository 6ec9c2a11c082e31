package dev.godwit.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Change;
import dev.godwit.apply.change.Change.Operation;
import dev.godwit.apply.change.Key;
import dev.godwit.apply.change.Layout;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.change.Transaction;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Batches in which rows, keys, slices and foreign keys stand in each other's way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SqlTargetHardCasesContract {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final Function<String, TargetServer> servers;
    private TargetServer server;
    Database database;
    private Catalog catalog;
    SqlTarget target;
    private long lsn = 1000;

    SqlTargetHardCasesContract(Function<String, TargetServer> servers) {
        this.servers = servers;
    }

    @BeforeAll
    void startServer() {
        server = servers.apply("apply-hard");
    }

    @AfterAll
    void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void createTables() throws SQLException {
        database = server.newDatabase();
        execute("CREATE TABLE s.doc (id int PRIMARY KEY, region varchar(10) NOT NULL, body text)");
        execute("CREATE TABLE s.parent (id int PRIMARY KEY, code varchar(20) UNIQUE)");
        execute("CREATE TABLE s.child (id int PRIMARY KEY, parent_id int,"
                + " CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES s.parent (id) ON DELETE CASCADE)");
        execute("CREATE TABLE s.grandchild (id int PRIMARY KEY, child_id int,"
                + " FOREIGN KEY (child_id) REFERENCES s.child (id) ON DELETE CASCADE)");
        catalog = database.catalog();
        RowFilter eu = RowFilter.parse(
                "region = 'eu'", catalog.table(new TableName("s", "doc")).orElseThrow());
        target = new SqlTarget(
                database,
                "m-p-forward",
                catalog,
                Map.of(new TableName("s", "doc"), eu),
                1,
                new Retries(Duration.ofSeconds(30)));
        target.takeOver();
    }

    @AfterEach
    void closeTarget() {
        target.close();
    }

    @Test
    void aRowWhoseKeyChangesWhileItLeavesTheSliceGoes() throws SQLException {
        write(upsert("doc", "id", "1", "region", "eu", "body", "long"));
        Change moved = movedFrom("1", upsert("doc", "id", "2", "region", "us"));
        write(delete("doc", "1"), moved.withOperation(Operation.DELETE));

        assertThat(query("SELECT id FROM s.doc")).isEmpty();
    }

    @Test
    void aRowThatLeavesTheSliceAndComesBackInOneBatchIsThere() throws SQLException {
        write(upsert("doc", "id", "1", "region", "eu", "body", "old"));
        write(delete("doc", "1"), upsert("doc", "id", "1", "region", "eu", "body", "new"));

        assertThat(query("SELECT body FROM s.doc")).containsExactly("new");
    }

    @Test
    void keysThatMoveInAChainKeepTheirUnsentValues() throws SQLException {
        write(
                upsert("doc", "id", "1", "region", "eu", "body", "one"),
                upsert("doc", "id", "2", "region", "eu", "body", "two"));
        write(
                delete("doc", "2"),
                movedFrom("2", upsert("doc", "id", "3", "region", "eu")),
                delete("doc", "1"),
                movedFrom("1", upsert("doc", "id", "2", "region", "eu")));

        assertThat(query("SELECT concat(id, body) FROM s.doc ORDER BY id")).containsExactly("2one", "3two");
    }

    @Test
    void aKeyThatIsUsedAgainAfterItsRowMovedDoesNotMixTheRows() throws SQLException {
        write(upsert("doc", "id", "1", "region", "eu", "body", "one"));
        write(
                delete("doc", "1"),
                movedFrom("1", upsert("doc", "id", "2", "region", "eu")),
                upsert("doc", "id", "1", "region", "eu", "body", "another"),
                delete("doc", "1"),
                movedFrom("1", upsert("doc", "id", "3", "region", "eu")));

        assertThat(query("SELECT concat(id, body) FROM s.doc ORDER BY id")).containsExactly("2one", "3another");
    }

    @Test
    void anUpdateOfWhichOnlyTheKeyWasSentChangesNothing() throws SQLException {
        write(upsert("doc", "id", "1", "region", "eu", "body", "long"));
        write(upsert("doc", "id", "1"));

        assertThat(query("SELECT concat(id, region, body) FROM s.doc")).containsExactly("1eulong");
    }

    @Test
    void anUpdateOfWhichOnlyTheKeyWasSentStillNeedsItsRow() {
        assertThatThrownBy(() -> write(upsert("doc", "id", "7")))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.doc key (7)");
    }

    @Test
    void aChildThatLeavesADeletedParentKeepsItsOwnChildren() throws SQLException {
        write(
                upsert("parent", "id", "1", "code", null),
                upsert("parent", "id", "2", "code", null),
                upsert("child", "id", "10", "parent_id", "1"),
                upsert("grandchild", "id", "100", "child_id", "10"));
        write(upsert("child", "id", "10", "parent_id", "2"), delete("parent", "1"));

        assertThat(query("SELECT id FROM s.parent")).containsExactly("2");
        assertThat(query("SELECT parent_id FROM s.child")).containsExactly("2");
        assertThat(query("SELECT child_id FROM s.grandchild")).containsExactly("10");
    }

    @Test
    void aParentWhoseKeyChangesKeepsItsChildren() throws SQLException {
        write(
                upsert("parent", "id", "1", "code", "x"),
                upsert("child", "id", "10", "parent_id", "1"),
                upsert("grandchild", "id", "100", "child_id", "10"));
        // What ON UPDATE CASCADE on the source sends; the code is unique, so the old parent has to let go of it.
        write(
                delete("parent", "1"),
                upsert("parent", "id", "2", "code", "y"),
                upsert("child", "id", "10", "parent_id", "2"));

        assertThat(query("SELECT concat(id, code) FROM s.parent")).containsExactly("2y");
        assertThat(query("SELECT parent_id FROM s.child")).containsExactly("2");
        assertThat(query("SELECT child_id FROM s.grandchild")).containsExactly("10");
    }

    @Test
    void truncatesChildrenFirstAlsoWhereRowsNeedACarefulOrder() throws SQLException {
        execute("ALTER TABLE s.child DROP CONSTRAINT child_parent");
        execute("ALTER TABLE s.child ADD FOREIGN KEY (parent_id) REFERENCES s.parent (id)");
        write(
                upsert("parent", "id", "1", "code", "a"),
                upsert("parent", "id", "2", "code", "b"),
                upsert("child", "id", "10", "parent_id", "1"));
        write(
                truncate("parent"),
                truncate("child"),
                truncate("grandchild"),
                upsert("parent", "id", "3", "code", "b"),
                upsert("parent", "id", "1", "code", "b"),
                upsert("parent", "id", "3", "code", "a"));

        assertThat(query("SELECT concat(id, code) FROM s.parent ORDER BY id")).containsExactly("1b", "3a");
        assertThat(query("SELECT id FROM s.child")).isEmpty();
    }

    @Test
    void truncatedRowsStandInNobodysWay() throws SQLException {
        write(upsert("parent", "id", "1", "code", "a"), upsert("parent", "id", "2", "code", "b"));
        write(upsert("child", "id", "10", "parent_id", "1"));
        // The delete of a parent of the same batch calls for the careful order; a and b change hands after the
        // truncate.
        write(
                truncate("grandchild"),
                truncate("child"),
                truncate("parent"),
                upsert("parent", "id", "1", "code", "b"),
                upsert("parent", "id", "2", "code", "a"),
                upsert("parent", "id", "5", "code", "c"),
                delete("parent", "5"),
                upsert("child", "id", "11", "parent_id", "2"));

        assertThat(query("SELECT concat(id, code) FROM s.parent ORDER BY id")).containsExactly("1b", "2a");
        assertThat(query("SELECT concat(id, ':', parent_id) FROM s.child")).containsExactly("11:2");
    }

    @Test
    void writesATransactionOfMoreRowsThanOneStatementTakes() throws SQLException {
        List<Change> changes = new ArrayList<>();
        for (int i = 1; i <= 45_000; i++) {
            changes.add(upsert("doc", "id", String.valueOf(i), "region", "eu", "body", "b" + i));
        }
        write(changes.toArray(Change[]::new));

        assertThat(query("SELECT concat(count(*), ' ', count(DISTINCT body)) FROM s.doc"))
                .containsExactly("45000 45000");
    }

    @Test
    void rowsThatReferToEachOtherComeAndGo() throws SQLException {
        execute("CREATE TABLE s.team (id int PRIMARY KEY, lead_id int, name text)");
        execute(
                "CREATE TABLE s.member (id int PRIMARY KEY, team_id int NOT NULL, FOREIGN KEY (team_id) REFERENCES s.team (id))");
        execute("ALTER TABLE s.team ADD FOREIGN KEY (lead_id) REFERENCES s.member (id)");
        reopen();
        write(
                upsert("team", "id", "1", "lead_id", "10", "name", "a"),
                upsert("member", "id", "10", "team_id", "1"),
                upsert("team", "id", "2", "lead_id", "20", "name", "b"),
                upsert("member", "id", "20", "team_id", "2"));
        assertThat(query("SELECT concat(t.id, name, m.id) FROM s.team t JOIN s.member m ON m.id = lead_id ORDER BY 1"))
                .containsExactly("1a10", "2b20");

        write(delete("team", "1"), delete("member", "10"));
        assertThat(query("SELECT id FROM s.team")).containsExactly("2");
        assertThat(query("SELECT id FROM s.member")).containsExactly("20");
    }

    @Test
    void valuesThatWentRoundByWayOfAThirdOneFollowTheSource() throws SQLException {
        execute("CREATE TABLE s.slot (id int PRIMARY KEY, place int NOT NULL UNIQUE)");
        execute(
                "CREATE TABLE s.use (id int PRIMARY KEY, slot_id int NOT NULL, FOREIGN KEY (slot_id) REFERENCES s.slot (id))");
        reopen();
        write(
                upsert("slot", "id", "1", "place", "1"),
                upsert("slot", "id", "2", "place", "2"),
                upsert("use", "id", "1", "slot_id", "1"));
        write(
                upsert("slot", "id", "1", "place", "-1"),
                upsert("slot", "id", "2", "place", "1"),
                upsert("slot", "id", "1", "place", "2"));

        assertThat(query("SELECT concat(id, ':', place) FROM s.slot ORDER BY id"))
                .containsExactly("1:2", "2:1");
    }

    @Test
    void aBatchThatWaitsForAnotherIsHandedBack() throws SQLException {
        Transaction early = new Transaction(
                new Lsn(++lsn), Instant.EPOCH, List.of(upsert("child", "id", "10", "parent_id", "1")), null);

        assertThatThrownBy(() -> target.write(new Batch(List.of(early), false)))
                .isInstanceOf(RefusedByConstraintException.class)
                .hasMessageContaining(server.foreignKeyViolation());
        assertThat(query("SELECT 1 FROM _godwit.applied")).isEmpty();
        write(upsert("parent", "id", "1", "code", "a"));
        target.write(new Batch(List.of(early), true));
        assertThat(query("SELECT parent_id FROM s.child")).containsExactly("1");
    }

    /** With the tables as they are now. */
    void reopen() throws SQLException {
        target.close();
        catalog = database.catalog();
        target = new SqlTarget(database, "m-p-forward", catalog, Map.of(), 1, new Retries(Duration.ofSeconds(30)));
        target.takeOver();
    }

    void write(Change... changes) {
        target.write(new Batch(List.of(new Transaction(new Lsn(++lsn), Instant.EPOCH, List.of(changes), null))));
    }

    /** @param namesAndValues the first is the key */
    Change upsert(String table, String... namesAndValues) {
        Layout layout = new Layout(catalog.table(new TableName("s", table)).orElseThrow());
        Row row = new Row(layout);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.set(layout.index(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return new Change(layout.table(), Operation.UPSERT, new Key(namesAndValues[1]), null, row, origin());
    }

    private static Change movedFrom(String key, Change change) {
        return change.withAfter(change.after(), new Key(key));
    }

    Change delete(String table, String key) {
        return new Change(
                catalog.table(new TableName("s", table)).orElseThrow(),
                Operation.DELETE,
                new Key(key),
                null,
                null,
                origin());
    }

    private Change truncate(String table) {
        return new Change(
                catalog.table(new TableName("s", table)).orElseThrow(), Operation.TRUNCATE, null, null, null, origin());
    }

    private Origin origin() {
        return new Origin(PARTITION, lsn);
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> query(String sql) throws SQLException {
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
