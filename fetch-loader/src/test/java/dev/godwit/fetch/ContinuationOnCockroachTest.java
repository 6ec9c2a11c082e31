package dev.godwit.fetch;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class ContinuationOnCockroachTest extends ContinuationContract {
    @Override
    LoadEnvironment environment() {
        return new CockroachEnvironment();
    }
}
