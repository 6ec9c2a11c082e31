package dev.godwit.apply.simulation;

import dev.godwit.apply.write.TargetServer;

class LanesOnMysqlTest extends LanesOnDatabaseContract {
    LanesOnMysqlTest() {
        super(TargetServer::mysql);
    }
}
