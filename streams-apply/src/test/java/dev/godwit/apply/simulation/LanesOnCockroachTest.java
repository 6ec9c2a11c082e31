package dev.godwit.apply.simulation;

import dev.godwit.apply.write.CockroachFound;
import dev.godwit.apply.write.TargetServer;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class LanesOnCockroachTest extends LanesOnDatabaseContract {
    LanesOnCockroachTest() {
        super(TargetServer::cockroach);
    }
}
