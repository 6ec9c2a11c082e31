package dev.godwit.apply.write;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CockroachFound.class)
class SqlTargetOnCockroachTest extends SqlTargetContract {
    SqlTargetOnCockroachTest() {
        super(TargetServer::cockroach);
    }
}
