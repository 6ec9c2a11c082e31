package dev.godwit.apply.simulation;

import dev.godwit.apply.write.TargetServer;

class LanesOnPostgresTest extends LanesOnDatabaseContract {
    LanesOnPostgresTest() {
        super(TargetServer::postgres);
    }
}
