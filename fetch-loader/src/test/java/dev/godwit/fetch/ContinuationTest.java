package dev.godwit.fetch;

class ContinuationTest extends ContinuationContract {
    @Override
    LoadEnvironment environment() {
        return new PostgresEnvironment();
    }
}
