package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.TestDatabases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slot and publication: left away, refused, or dropped and made again, as the user says. */
class CheckpointTest {
    @TempDir
    private Path directory;

    private TestDatabases databases;
    private CommandRun command;

    @BeforeEach
    void start() throws SQLException {
        databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY)");
        databases.onSource("INSERT INTO t SELECT generate_series(1, 1000)");
        command = new CommandRun(databases, directory);
    }

    private String position() throws SQLException {
        return one(
                databases.source,
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + databases.slot + "'");
    }

    @Test
    void withoutACheckpointNothingIsMadeOnTheSource() throws SQLException {
        assertThat(command.run("--ignore-replication-check", "--row-batch-size=100"))
                .as(command::told)
                .isZero();
        assertThat(databases.captures()).isEmpty();
        assertThat(rows(databases.source, "SELECT 1 FROM pg_namespace WHERE nspname = '_godwit'"))
                .isEmpty();
        assertThat(command.out.toString())
                .startsWith("loading 1 table from a snapshot without a checkpoint")
                .contains("; no checkpoint");
        assertThat(rows(databases.target, "SELECT count(*) FROM t")).containsExactly("1000");
    }

    @Test
    void theCursorStandsInTheFirstAndTheLastLine() throws SQLException {
        assertThat(command.run("--json")).as(command::told).isZero();
        List<String> lines = command.out.toString().lines().toList();
        String cursor = "\"cdc_cursor\":\"" + position() + "\"";
        assertThat(lines.get(0)).contains("starting fetch").contains(cursor);
        assertThat(lines.get(lines.size() - 1)).contains("fetch complete").contains(cursor);
    }

    @Test
    void aSlotThatIsThereIsReplacedOnlyIfTheUserSaysSo() throws SQLException {
        assertThat(command.run()).as(command::told).isZero();
        String first = position();
        databases.onSource("INSERT INTO t VALUES (1001)");
        Object[] again = {"--table-handling=truncate-if-exists", "--pglogical-publication-and-slot-drop-and-recreate"};

        assertThat(command.run("--table-handling=truncate-if-exists")).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("is already there");
        assertThat(command.run(again)).isEqualTo(2);
        assertThat(command.refused).hasMessageContaining("no terminal to ask at");
        assertThat(command.err.toString())
                .contains("WARNING: replication slot \"" + databases.slot + "\" of the source will be dropped")
                .contains("WARNING: publication \"godwit_fetch\" of the source, with 3 tables, will be dropped");
        assertThat(command.answering("").run(again)).isEqualTo(2);
        assertThat(position()).isEqualTo(first);

        assertThat(command.answering("drop\n").run(again)).as(command::told).isZero();
        assertThat(position()).isNotEqualTo(first);
        assertThat(rows(databases.target, "SELECT count(*) FROM t")).containsExactly("1001");
        assertThat(command.run(
                        "--table-handling=truncate-if-exists",
                        "--non-interactive",
                        "--pglogical-publication-and-slot-drop-and-recreate=true"))
                .as(command::told)
                .isZero();
        assertThat(command.out.toString()).contains("dropping and recreating publication godwit_fetch");
    }
}
