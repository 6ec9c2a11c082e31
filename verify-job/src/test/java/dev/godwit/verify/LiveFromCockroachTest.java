package dev.godwit.verify;

import dev.godwit.verify.TestReplicator.Ends;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a real CockroachDB into PostgreSQL, as failback does, if there is one. */
@ExtendWith({CockroachTarget.class, TwoDatabases.class})
class LiveFromCockroachTest extends LiveContract {

    @Override
    Ends ends() {
        return new LiveIntoCockroachTest().ends().turned();
    }
}
