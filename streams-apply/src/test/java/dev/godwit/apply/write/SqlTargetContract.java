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
import dev.godwit.apply.ledger.DomainState;
import dev.godwit.apply.ledger.FencedException;
import dev.godwit.apply.ledger.NotedTable;
import dev.godwit.apply.ledger.NotedTables;
import dev.godwit.apply.ledger.NotedTables.Note;
import dev.godwit.apply.ledger.Progress;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a target does with batches, whatever its database is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SqlTargetContract {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);

    private final Function<String, TargetServer> servers;
    private TargetServer server;
    private Database database;
    private Catalog catalog;
    private SqlTarget target;
    private long lsn = 1000;

    SqlTargetContract(Function<String, TargetServer> servers) {
        this.servers = servers;
    }

    @BeforeAll
    void startServer() {
        server = servers.apply("apply");
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
        execute("CREATE TABLE s.person (id int PRIMARY KEY, email varchar(20) UNIQUE, badge int NOT NULL UNIQUE,"
                + " boss int, region varchar(10) NOT NULL, photo text, FOREIGN KEY (boss) REFERENCES s.person (id))");
        execute("CREATE TABLE s.task (person_id int NOT NULL, no int, title text,"
                + " loud text GENERATED ALWAYS AS (upper(title)) STORED, PRIMARY KEY (person_id, no),"
                + " FOREIGN KEY (person_id) REFERENCES s.person (id))");
        catalog = database.catalog();
        target = open(Map.of());
    }

    @AfterEach
    void closeTarget() {
        target.close();
    }

    private SqlTarget open(Map<TableName, RowFilter> slices) {
        SqlTarget opened =
                new SqlTarget(database, "m-p-forward", catalog, slices, 1, new Retries(Duration.ofMinutes(2)));
        opened.takeOver();
        return opened;
    }

    @Test
    void writesRowsAndLedgerEntryTogether() throws SQLException {
        write(person(1, "a@x", 1, null), person(2, null, 2, "1"), task(2, 1, "it's \\ \"quoted\"\n"));

        assertThat(
                        query(
                                "SELECT concat(id, ':', coalesce(email, 'NULL'), ':', coalesce(boss, 0)) FROM s.person ORDER BY id"))
                .containsExactly("1:a@x:0", "2:NULL:1");
        assertThat(query("SELECT loud FROM s.task")).containsExactly("IT'S \\ \"QUOTED\"\n");
        assertThat(query("SELECT concat(last_position, ' ', rows_written) FROM _godwit.applied"))
                .containsExactly(new Lsn(lsn) + " 3");
    }

    @Test
    void keepsOnlyTheLastChangeOfAKey() throws SQLException {
        write(
                person(1, "a@x", 1, null),
                delete("person", "1"),
                person(1, "b@x", 1, null),
                person(3, null, 3, null),
                delete("person", "3"));

        assertThat(query("SELECT concat(id, email) FROM s.person")).containsExactly("1b@x");
    }

    @Test
    void swapsUniqueValuesBetweenRows() throws SQLException {
        write(person(1, "a@x", 1, null), person(2, "b@x", 2, null), person(3, "c@x", 3, null));
        write(person(1, "b@x", 1, null), person(2, "c@x", 2, null), person(3, "a@x", 3, null));

        assertThat(query("SELECT email FROM s.person ORDER BY id")).containsExactly("b@x", "c@x", "a@x");
    }

    @Test
    void handsAUniqueValueOnWhateverTheOrderOfTheRows() throws SQLException {
        write(person(1, null, 1, null), person(2, "b@x", 2, null));
        write(person(1, "b@x", 1, null), person(2, null, 2, null));

        assertThat(query("SELECT coalesce(email, '-') FROM s.person ORDER BY id"))
                .containsExactly("b@x", "-");
    }

    @Test
    void refusesACircleThatNoOrderOfStatementsCanResolve() throws SQLException {
        write(person(1, null, 1, null), person(2, null, 2, null));

        assertThatThrownBy(() -> write(person(1, null, 2, null), person(2, null, 1, null)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("swap values in a circle");
        assertThat(query("SELECT badge FROM s.person ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void childrenLeaveAParentBeforeItGoes() throws SQLException {
        write(person(1, null, 1, null), person(2, null, 2, "1"), task(1, 1, "x"));
        write(
                person(3, null, 3, null),
                person(2, null, 2, "3"),
                delete("task", "1", "1"),
                task(3, 1, "x"),
                delete("person", "1"));

        assertThat(query("SELECT concat(id, '>', coalesce(boss, 0)) FROM s.person ORDER BY id"))
                .containsExactly("2>3", "3>0");
        assertThat(query("SELECT person_id FROM s.task")).containsExactly("3");
    }

    @Test
    void leavesColumnsAloneThatWereNotSent() throws SQLException {
        write(person(1, "a@x", 1, null));
        execute("UPDATE s.person SET photo = 'large'");
        write(partial(1, "b@x"));

        assertThat(query("SELECT concat(email, photo) FROM s.person")).containsExactly("b@xlarge");
    }

    @Test
    void stopsWhereAPartOfARowHasNoRowToCompleteItFrom() throws SQLException {
        assertThatThrownBy(() -> write(partial(9, "b@x")))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.person key (9) at topic-0@")
                .hasMessageContaining("ALTER TABLE s.person REPLICA IDENTITY FULL");
        assertThat(query("SELECT id FROM s.person")).isEmpty();
        assertThat(query("SELECT 1 FROM _godwit.applied")).isEmpty();
    }

    @Test
    void takesUnsentColumnsFromTheOldKeyWhenAKeyChanges() throws SQLException {
        write(person(1, "a@x", 1, null));
        execute("UPDATE s.person SET photo = 'large'");
        Change moved = partial(2, "a@x");
        write(delete("person", "1"), moved.withAfter(moved.after(), new Key("1")));
        Change movedAgain = partial(3, "z@x");
        Change movedTwice = partial(4, "y@x");
        write(
                delete("person", "2"),
                movedAgain.withAfter(movedAgain.after(), new Key("2")),
                delete("person", "3"),
                movedTwice.withAfter(movedTwice.after(), new Key("3")));

        assertThat(query("SELECT concat(id, email, photo) FROM s.person")).containsExactly("4y@xlarge");
    }

    @Test
    void aRowThatIsOlderThanAColumnKeepsWhatIsThereAndGetsTheDefaultWhereItIsNew() throws SQLException {
        execute("ALTER TABLE s.task ADD COLUMN colour varchar(20) DEFAULT 'grey'");
        target.close();
        catalog = database.catalog();
        target = open(Map.of());
        write(person(1, "a@x", 1, null));
        execute("INSERT INTO s.task (person_id, no, title, colour) VALUES (1, 1, 'old', 'red'), (1, 2, 'old', 'red')");

        // Whole rows, older ones, and older ones of a row that a whole one has come for.
        Change known = task(1, 4, "new");
        known.after().set(known.table().columns().indexOf(known.table().requireColumn("colour")), "blue");
        Change knownToo = task(1, 5, "new");
        knownToo.after().set(knownToo.table().columns().indexOf(knownToo.table().requireColumn("colour")), "blue");
        write(older(task(1, 1, "new")), older(task(1, 3, "new")), known, knownToo, older(task(1, 5, "newer")));

        assertThat(query("SELECT concat(no, title, colour) FROM s.task ORDER BY no"))
                .containsExactly("1newred", "2oldred", "3newgrey", "4newblue", "5newerblue");
    }

    private static Change older(Change change) {
        change.after()
                .setYounger(change.table().columns().indexOf(change.table().requireColumn("colour")));
        return change;
    }

    @Test
    void deletesOnlyRowsOfTheSlice() throws SQLException {
        target.close();
        Table person = catalog.table(new TableName("s", "person")).orElseThrow();
        target = open(Map.of(person.name(), RowFilter.parse("region = 'eu'", person)));
        write(person(1, null, 1, null), person(2, null, 2, null));
        execute("UPDATE s.person SET region = 'us' WHERE id = 2");
        write(delete("person", "1"), delete("person", "2"));
        assertThat(query("SELECT id FROM s.person")).containsExactly("2");
        write(new Change(person, Operation.TRUNCATE, null, null, null, origin()));
        assertThat(query("SELECT id FROM s.person")).containsExactly("2");
    }

    @Test
    void namesTheRowThatTheTargetDoesNotTake() throws SQLException {
        assertThatThrownBy(() -> write(person(1, "a@x", 1, null), person(2, "much-too-long-for-it@x", 2, null)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.person key (2) at topic-0@")
                .hasMessageContaining(server.valueTooLong());
        assertThat(query("SELECT id FROM s.person")).isEmpty();
    }

    @Test
    void namesTheRowWithoutAParent() {
        assertThatThrownBy(() -> write(person(1, "a@x", 1, null), task(7, 1, "x")))
                .hasMessageContaining("s.task key (7, 1)")
                .hasMessageContaining(server.foreignKeyViolation());
    }

    @Test
    void aNewOwnerFencesTheOldOne() throws SQLException {
        SqlTarget old = target;
        target = open(Map.of());

        assertThatThrownBy(() -> old.write(batch(person(1, null, 1, null)))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> old.advance(progress())).isInstanceOf(FencedException.class);
        assertThat(query("SELECT id FROM s.person")).isEmpty();
        old.close();
    }

    @Test
    void theNextOwnerFindsWhatIsAppliedAndWhereToBegin() throws SQLException {
        write(person(1, null, 1, null));
        Lsn covered = new Lsn(lsn);
        target.advance(new Progress(covered, Instant.EPOCH, "marker", Map.of(PARTITION, 7L), List.of(covered)));
        write(person(2, null, 2, null));
        target.close();
        target = new SqlTarget(database, "m-p-forward", catalog, Map.of(), 1, new Retries(Duration.ofSeconds(5)));

        DomainState state = target.takeOver();

        assertThat(state.consistentPoint()).isEqualTo(covered);
        assertThat(state.isApplied(covered)).isTrue();
        assertThat(state.isApplied(new Lsn(lsn))).isTrue();
        assertThat(state.isApplied(new Lsn(lsn + 1))).isFalse();
        assertThat(state.restartOffsets()).isEqualTo(Map.of(PARTITION, 7L));
        assertThat(query("SELECT watermark FROM _godwit.domain")).containsExactly("marker");
    }

    @Test
    void theLedgerKeepsByWhichColumnsADirectionIsApplied() throws SQLException {
        NotedTables notes = new NotedTables("m-p-forward");
        TableName name = new TableName("s", "person");
        NotedTable first = NotedTable.of(catalog.table(name).orElseThrow());
        NotedTable second = new NotedTable(List.of("id", "no"), List.of());
        try (Connection connection = database.open()) {
            assertThat(notes.read(connection)).isEmpty();
            connection.setAutoCommit(false);
            assertThat(notes.lock(connection, Map.of(name, first), "d"))
                    .containsExactly(Map.entry(name, new Note(first, "d", 1)));
            connection.rollback();
            assertThat(notes.read(connection)).isEmpty();
            notes.lock(connection, Map.of(name, first), "d");
            connection.commit();
            assertThat(notes.lock(connection, Map.of(name, second), "e"))
                    .as("what was noted before")
                    .containsExactly(Map.entry(name, new Note(first, "d", 1)));
            notes.update(connection, name, new Note(second, "e", 2));
            connection.commit();

            assertThat(notes.read(connection)).containsExactly(Map.entry(name, new Note(second, "e", 2)));
            assertThat(new NotedTables("m-p-failback").read(connection)).isEmpty();
        }
    }

    @Test
    void goesOnWhenTheServerIsKilledAndComesBack() throws Exception {
        write(person(1, null, 1, null));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 2; i <= 300; i++) {
                target.write(batch(person(i, null, i, null)));
            }
        });
        for (int kill = 0; kill < 3; kill++) {
            server.kill();
            server.restart();
        }
        writing.get(3, TimeUnit.MINUTES);

        assertThat(query("SELECT count(*) FROM s.person")).containsExactly("300");
        assertThat(query("SELECT sum(transactions) FROM _godwit.applied")).containsExactly("300");
    }

    private void write(Change... changes) {
        target.write(batch(changes));
    }

    private synchronized Batch batch(Change... changes) {
        return new Batch(List.of(new Transaction(new Lsn(++lsn), Instant.EPOCH, List.of(changes), null)));
    }

    private Progress progress() {
        return new Progress(new Lsn(lsn), Instant.EPOCH, null, Map.of(), List.of());
    }

    private Change person(int id, String email, int badge, String boss) {
        Map<String, String> values = new HashMap<>();
        values.put("id", String.valueOf(id));
        values.put("email", email);
        values.put("badge", String.valueOf(badge));
        values.put("boss", boss);
        values.put("region", "eu");
        values.put("photo", null);
        return upsert("person", values, String.valueOf(id));
    }

    /** Without the photo. */
    private Change partial(int id, String email) {
        Map<String, String> values = new HashMap<>();
        values.put("id", String.valueOf(id));
        values.put("email", email);
        values.put("badge", "1");
        values.put("boss", null);
        values.put("region", "eu");
        return upsert("person", values, String.valueOf(id));
    }

    private Change task(int personId, int no, String title) {
        Map<String, String> values = new HashMap<>();
        values.put("person_id", String.valueOf(personId));
        values.put("no", String.valueOf(no));
        values.put("title", title);
        return upsert("task", values, String.valueOf(personId), String.valueOf(no));
    }

    private Change upsert(String table, Map<String, String> values, String... key) {
        Layout layout = new Layout(catalog.table(new TableName("s", table)).orElseThrow());
        Row row = new Row(layout);
        values.forEach((name, value) -> row.set(layout.index(name), value));
        return new Change(layout.table(), Operation.UPSERT, new Key(key), null, row, origin());
    }

    private Change delete(String table, String... key) {
        Table found = catalog.table(new TableName("s", table)).orElseThrow();
        return new Change(found, Operation.DELETE, new Key(key), null, null, origin());
    }

    private Origin origin() {
        return new Origin(PARTITION, lsn);
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
