package dev.godwit.fetch.cli;

import dev.godwit.fetch.LoadEnvironment;
import dev.godwit.fetch.MysqlEnvironment;

class MysqlFileLoadTest extends FileLoadContract {
    @Override
    LoadEnvironment environment() {
        return new MysqlEnvironment();
    }
}
