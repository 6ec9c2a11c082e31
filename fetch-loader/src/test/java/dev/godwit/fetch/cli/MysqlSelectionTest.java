package dev.godwit.fetch.cli;

import static dev.godwit.fetch.TestDatabases.one;
import static dev.godwit.fetch.TestDatabases.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.MysqlEnvironment;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MysqlSelectionTest extends SelectionContract {
    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }

    @Test
    void autoIncrementsBecomeTheSequencesOfTheTarget() throws SQLException {
        databases.onSource(
                "CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, v int)",
                "CREATE TABLE b (id int AUTO_INCREMENT PRIMARY KEY)",
                "INSERT INTO a VALUES (41, 1), (7, 2)",
                "DELETE FROM a WHERE id = 41",
                "INSERT INTO b VALUES (3)");
        databases.onTarget("CREATE TABLE a (id serial PRIMARY KEY, v int)", "CREATE TABLE b (id int PRIMARY KEY)");
        assertThat(command.run("--sequences=set")).as(command::told).isZero();
        assertThat(command.out.toString())
                .contains("column public.b.id of the target takes its values from no sequence");
        assertThat(one(databases.target, "INSERT INTO a (v) VALUES (3) RETURNING id"))
                .isEqualTo("42");
    }

    @Test
    void aColumnThatIsABooleanThereTakesNoOtherNumbers() throws SQLException {
        databases.onSource("CREATE TABLE t (id int PRIMARY KEY, v tinyint(1), e enum('a', 'b'))");
        databases.onSource("INSERT INTO t VALUES (1, 1, 'a'), (2, 0, NULL)");
        Path types = command.file(
                "types.json",
                "[{\"table\": \"public.t\", \"column_type_map\": [{\"column\": \"v\", \"source_type\": \"tinyint\", \"crdb_type\": \"BOOL\"},"
                        + " {\"column\": \"e\", \"source_type\": \"enum\", \"crdb_type\": \"TEXT\"}]}]");
        Object[] recreate = {
            "--table-handling=drop-on-target-and-recreate",
            "--left-out-ddl-file=" + directory.resolve("left-out.sql"),
            "--non-interactive",
            "--type-map-file=" + types
        };
        assertThat(command.run(recreate)).as(command::told).isZero();
        assertThat(rows(databases.target, "SELECT id, v, e FROM t ORDER BY id")).containsExactly("1|t|a", "2|f|null");
        databases.onSource("INSERT INTO t VALUES (3, -1, 'b')");
        assertThat(command.run("--table-handling=truncate-if-exists", "--keep-snapshot=0", "--json"))
                .isEqualTo(1);
        assertThat(command.out.toString()).contains("\"mismatch_tag\":\"mapped_type\"");
        assertThat(command.err.toString()).contains("column \"v\" holds -1 in the row id = 3");
    }
}
