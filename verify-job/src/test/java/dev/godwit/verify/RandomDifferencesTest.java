package dev.godwit.verify;

import dev.godwit.database.Database;
import java.util.List;

/** Between two PostgreSQL. */
class RandomDifferencesTest extends RandomDifferencesContract {
    @Override
    Database target() {
        return TwoDatabases.target();
    }

    @Override
    List<RandomValues> types() {
        return List.of(RandomValues.values());
    }

    @Override
    String typeName(RandomValues type) {
        return type.sqlType;
    }

    @Override
    VerifyReport verify(Ways way, VerifyListener listener) {
        return way.verify(TwoDatabases.request(), listener);
    }
}
