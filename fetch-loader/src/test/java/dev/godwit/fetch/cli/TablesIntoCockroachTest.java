package dev.godwit.fetch.cli;

import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.TestDatabases;

/** On the stand-in. */
class TablesIntoCockroachTest extends TablesIntoCockroachContract {
    @Override
    CockroachCluster cluster(TestDatabases postgres) {
        return CockroachCluster.standIn(postgres.target);
    }
}
