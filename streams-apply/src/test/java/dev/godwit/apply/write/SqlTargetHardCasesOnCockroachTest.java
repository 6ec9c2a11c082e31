package dev.godwit.apply.write;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class SqlTargetHardCasesOnCockroachTest extends SqlTargetHardCasesContract {
    SqlTargetHardCasesOnCockroachTest() {
        super(TargetServer::cockroach);
    }
}
