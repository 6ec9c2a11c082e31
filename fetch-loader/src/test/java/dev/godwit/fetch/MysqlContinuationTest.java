package dev.godwit.fetch;

class MysqlContinuationTest extends ContinuationContract {
    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }
}
