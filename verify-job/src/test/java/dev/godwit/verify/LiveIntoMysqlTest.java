package dev.godwit.verify;

import dev.godwit.verify.TestReplicator.Ends;
import org.junit.jupiter.api.extension.ExtendWith;

/** Into MySQL, as failback does. */
@ExtendWith(MysqlAndPostgres.class)
class LiveIntoMysqlTest extends LiveContract {

    @Override
    Ends ends() {
        return new LiveFromMysqlTest().ends().turned();
    }
}
