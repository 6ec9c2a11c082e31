package dev.godwit.fetch.cli;

import dev.godwit.fetch.CockroachCluster;
import dev.godwit.fetch.CockroachFound;
import dev.godwit.fetch.TestDatabases;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class TablesOnCockroachTest extends TablesIntoCockroachContract {
    @Override
    CockroachCluster cluster(TestDatabases postgres) {
        return CockroachCluster.shared(postgres);
    }
}
