package dev.godwit.fetch.cli;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.PostgresEnvironment;

class SelectionTest extends SelectionContract {
    @Override
    LoadEnvironment environment() {
        return new PostgresEnvironment();
    }
}
