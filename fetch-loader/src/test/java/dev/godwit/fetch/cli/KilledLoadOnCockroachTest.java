package dev.godwit.fetch.cli;

import dev.godwit.fetch.CockroachEnvironment;
import dev.godwit.fetch.CockroachFound;
import dev.godwit.fetch.LoadEnvironment;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class KilledLoadOnCockroachTest extends KilledLoadContract {
    @Override
    LoadEnvironment environment() {
        return new CockroachEnvironment();
    }

    @Override
    @Test
    @Disabled("the contract holds a row up by an advisory lock, which CockroachDB has not")
    void aDirectLoadThatLosesItsTargetIsCarriedOnFromTheSameSnapshot() {}
}
