package dev.godwit.verify;

import dev.godwit.verify.TestReplicator.Ends;
import org.junit.jupiter.api.extension.ExtendWith;

/** From PostgreSQL into a real CockroachDB, if there is one. */
@ExtendWith({CockroachTarget.class, TwoDatabases.class})
class LiveIntoCockroachTest extends LiveContract {

    @Override
    Ends ends() {
        Ends ends = Ends.intoCockroach();
        String rows = "INSERT INTO s.a SELECT i, 'v' || i::TEXT FROM generate_series(1, 2000) i";
        TwoDatabases.source("CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT)");
        TwoDatabases.source(rows);
        ends.onTarget("CREATE TABLE %s (id INT4 PRIMARY KEY, v TEXT)");
        ends.onTarget(rows);
        return ends;
    }
}
