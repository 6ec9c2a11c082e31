package dev.godwit.fetch.cli;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.MysqlEnvironment;

class MysqlKilledLoadTest extends KilledLoadContract {
    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }
}
