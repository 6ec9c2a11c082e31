package dev.godwit.verify;

import dev.godwit.verify.TestReplicator.Ends;
import org.junit.jupiter.api.extension.ExtendWith;

/** From MySQL, whose rows have no versions. */
@ExtendWith(MysqlAndPostgres.class)
class LiveFromMysqlTest extends LiveContract {

    @Override
    Ends ends() {
        MysqlAndPostgres.onMysql(
                "CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(50)) COLLATE utf8mb4_bin",
                "SET SESSION cte_max_recursion_depth = 5000",
                "INSERT INTO a WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                        + " SELECT i, CONCAT('v', i) FROM n");
        MysqlAndPostgres.onPostgres("CREATE TABLE a (id INT PRIMARY KEY, v VARCHAR(50));"
                + " INSERT INTO a SELECT i, 'v' || i FROM generate_series(1, 2000) i");
        return Ends.fromMysql();
    }
}
