package dev.godwit.fetch.mysql;

import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.TestDatabases;

/** On the stand-in. */
class MysqlIntoCockroachTest extends MysqlIntoCockroachContract {
    @Override
    CockroachCluster cluster(TestDatabases mysql) {
        return CockroachCluster.standIn(mysql.target);
    }
}
