package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MysqlServerTest {
    @Test
    void committedRowsOutliveACrashAndNothingOutlivesTheServer() throws Exception {
        assumeTrue(MysqlServer.whyNot().isEmpty() || System.getenv("GODWIT_REQUIRE_MYSQL") != null);
        Path data;
        try (MysqlServer server = MysqlServer.start("crash")) {
            Database database = Database.connect("source", server.createDatabase("shop"));
            try (Connection connection = database.open();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
                statement.execute("INSERT INTO t VALUES (1)");
                try (ResultSet row = statement.executeQuery(
                        "SELECT @@datadir, @@gtid_mode, @@binlog_row_metadata, @@global.gtid_executed")) {
                    row.next();
                    data = Path.of(row.getString(1));
                    assertThat(row.getString(2)).isEqualTo("ON");
                    assertThat(row.getString(3)).isEqualTo("FULL");
                    assertThat(row.getString(4)).contains(":1-3");
                }
            }
            server.kill();
            server.restart();
            try (Connection connection = database.open();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM t")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1);
            }
            DatabaseUrl wrong = DatabaseUrl.parse(
                    "--source", "mysql://" + MysqlServer.USER + ":no@127.0.0.1:" + server.port() + "/shop");
            assertThatThrownBy(() -> Database.connect("source", wrong))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("refuses user");
            assertThatThrownBy(() -> Database.connect("source", server.url("nowhere")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("no database \"nowhere\"");
        }
        assertThat(Files.exists(data)).isFalse();
    }

    @Test
    void aProgramThatIsNoneIsRefused() {
        assertThatThrownBy(() -> MysqlBinaries.ownProgram("/nowhere/mysqld"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("GODWIT_MYSQLD");
    }
}
