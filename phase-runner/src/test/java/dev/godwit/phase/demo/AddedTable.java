package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.phase.file.PhaseFile;
import dev.godwit.phase.run.PhaseRunner;
import java.sql.SQLException;
import java.util.List;

/** Adds table {@code fresh} to a phase that replicates {@code item}, step by step as in docs/carried.md, while both are written to. */
final class AddedTable {
    private static final int COMMITS = 200;

    private final CarriedStack.Phase phase;
    private final TableName item;
    private final TableName fresh;

    /** @param schema of the tables on the target */
    AddedTable(CarriedStack.Phase phase, String schema) {
        this.phase = phase;
        this.item = new TableName(schema, "item");
        this.fresh = new TableName(schema, "fresh");
    }

    /** The phase without the added table. */
    void replicate() throws Exception {
        phase.replicate(phase.file("{name: " + item + "}", "")).close();
    }

    interface Act {
        void run() throws Exception;
    }

    /**
     * The table must be there on both sides, with columns {@code id}, {@code item}, {@code version}.
     *
     * @param prepared what the source needs to be told before the connector
     * @param wrongPlace as the place of the load, of another server
     * @param meanwhile what happens while the applier applies the new table
     */
    void add(Act prepared, String wrongPlace, Act meanwhile) throws Exception {
        try (FreshWriter writer = FreshWriter.start(phase.source)) {
            writer.awaitCommits(COMMITS);
            prepared.run();
            phase.addTables(List.of(item, fresh));
            writer.awaitCommits(COMMITS);
            String loadedAt = phase.load(fresh);
            watchRowsThatStepBack();
            writer.awaitCommits(COMMITS);
            assertThatThrownBy(() -> phase.replicate(file(wrongPlace)).close())
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("is not in the log of the source");
            PhaseFile with = file(loadedAt);
            applyForAWhile(with, writer);
            try (PhaseRunner runner = phase.replicate(with)) {
                writer.awaitCommits(COMMITS);
                meanwhile.run();
                writer.awaitCommits(COMMITS);
                writer.stop();
                phase.drain(with, CarriedStack.SOON);
                assertThat(runner.applierFailure()).isEmpty();
            }
        }
        for (TableName table : List.of(item, fresh)) {
            assertThat(rows(phase.target, table))
                    .as(table.toString())
                    .hasSizeGreaterThan(100)
                    .isEqualTo(rows(phase.source, table));
        }
        assertThat(phase.askTarget("SELECT count(*)::text FROM " + item.schema() + ".stepped_back"))
                .as("rows of the load that an older change has overwritten")
                .isEqualTo("0");
    }

    private PhaseFile file(String loadedAt) throws Exception {
        return phase.file("{name: " + item + "}, {name: " + fresh + ", loaded-at: '" + loadedAt + "'}", "");
    }

    /** The next applier begins with transactions that this one has read, some applied and some not. */
    private void applyForAWhile(PhaseFile with, FreshWriter writer) throws Exception {
        try (PhaseRunner runner = phase.replicate(with)) {
            writer.awaitCommits(COMMITS / 4);
            assertThat(runner.applierFailure()).isEmpty();
        }
    }

    private static List<List<String>> rows(Database database, TableName table) throws SQLException {
        return Fingerprint.rows(database, "SELECT * FROM " + database.dialect().quote(table) + " ORDER BY id");
    }

    /** Versions rise over all rows: whatever is written behind the load is above all that it has. */
    private void watchRowsThatStepBack() throws Exception {
        String s = item.schema();
        String loaded = phase.askTarget("SELECT max(version)::text FROM " + fresh);
        phase.onTarget(
                "CREATE TABLE " + s + ".stepped_back (id INT)",
                "CREATE FUNCTION " + s + ".look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.version <= "
                        + loaded
                        + " OR (TG_OP = ''UPDATE'' AND NEW.version <= OLD.version)"
                        + " THEN INSERT INTO " + s + ".stepped_back VALUES (NEW.id); END IF; RETURN NEW; END'",
                "CREATE TRIGGER look BEFORE INSERT OR UPDATE ON " + fresh + " FOR EACH ROW EXECUTE FUNCTION " + s
                        + ".look()");
    }
}
