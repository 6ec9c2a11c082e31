package dev.godwit.apply.write;

class SqlTargetOnPostgresTest extends SqlTargetContract {
    SqlTargetOnPostgresTest() {
        super(TargetServer::postgres);
    }
}
