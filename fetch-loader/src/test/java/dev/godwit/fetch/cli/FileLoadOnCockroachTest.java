package dev.godwit.fetch.cli;

import dev.godwit.fetch.CockroachEnvironment;
import dev.godwit.fetch.CockroachFound;
import dev.godwit.fetch.LoadEnvironment;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class FileLoadOnCockroachTest extends FileLoadContract {
    @Override
    LoadEnvironment environment() {
        return new CockroachEnvironment();
    }
}
