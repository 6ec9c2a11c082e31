package dev.godwit.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class SqlTargetHardCasesOnMysqlTest extends SqlTargetHardCasesContract {
    SqlTargetHardCasesOnMysqlTest() {
        super(TargetServer::mysql);
    }

    /** InnoDB looks at each row of a statement, and the column takes no NULL: there is no way. */
    @Test
    void rowsOfOneTableThatMustReferToEachOtherAreRefusedWithAReason() throws SQLException {
        execute(
                "CREATE TABLE s.pair (id int PRIMARY KEY, other_id int NOT NULL, FOREIGN KEY (other_id) REFERENCES s.pair (id))");
        reopen();

        assertThatThrownBy(() ->
                        write(upsert("pair", "id", "1", "other_id", "2"), upsert("pair", "id", "2", "other_id", "1")))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("s.pair");
        assertThat(query("SELECT id FROM s.pair")).isEmpty();
    }
}
