package dev.godwit.verify;

import dev.godwit.database.Database;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;

/** From PostgreSQL into a real CockroachDB, if there is one. */
@ExtendWith(CockroachTarget.class)
class RandomDifferencesIntoCockroachTest extends RandomDifferencesContract {
    @Override
    Database target() {
        return CockroachTarget.database();
    }

    @Override
    List<RandomValues> types() {
        return RandomValues.ofCockroach();
    }

    @Override
    String typeName(RandomValues type) {
        return type.cockroachType();
    }

    @Override
    VerifyReport verify(Ways way, VerifyListener listener) {
        return way.verify(TwoDatabases.request(target()), listener);
    }
}
