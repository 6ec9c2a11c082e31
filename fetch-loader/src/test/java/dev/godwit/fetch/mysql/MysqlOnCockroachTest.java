package dev.godwit.fetch.mysql;

import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.CockroachFound;
import dev.godwit.fetch.TestDatabases;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class MysqlOnCockroachTest extends MysqlIntoCockroachContract {
    @Override
    CockroachCluster cluster(TestDatabases mysql) {
        return CockroachCluster.shared(mysql);
    }
}
