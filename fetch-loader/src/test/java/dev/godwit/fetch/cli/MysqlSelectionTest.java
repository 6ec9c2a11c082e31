package dev.godwit.fetch.cli;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.MysqlEnvironment;

class MysqlSelectionTest extends SelectionContract {
    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }
}
