package dev.godwit.apply.write;

class SqlTargetOnMysqlTest extends SqlTargetContract {
    SqlTargetOnMysqlTest() {
        super(TargetServer::mysql);
    }
}
