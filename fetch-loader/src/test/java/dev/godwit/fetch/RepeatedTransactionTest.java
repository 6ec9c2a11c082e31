package dev.godwit.fetch;

import static dev.godwit.fetch.TestDatabases.all;
import static dev.godwit.fetch.TestDatabases.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Serialization failures of the target, as CockroachDB answers them at any moment; here a trigger answers them. */
class RepeatedTransactionTest {
    private static final List<String> WARNINGS = new ArrayList<>();

    private static final FetchListener LISTENER = new FetchListener() {
        @Override
        public void warned(String message) {
            WARNINGS.add(message);
        }
    };

    private static TestDatabases refusing(int times, String timing) throws SQLException {
        WARNINGS.clear();
        TestDatabases databases = TestDatabases.with("CREATE TABLE t (id int PRIMARY KEY, body text)");
        databases.onSource("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 5000) i");
        databases.onTarget(
                "CREATE SEQUENCE tries",
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 4000 AND"
                        + " nextval('tries') <= " + times
                        + " THEN RAISE EXCEPTION 'restart transaction' USING ERRCODE ="
                        + " '40001'; END IF; RETURN NEW; END $$",
                "CREATE CONSTRAINT TRIGGER refuses AFTER INSERT ON t " + timing
                        + " FOR EACH ROW EXECUTE FUNCTION refuse()");
        return databases;
    }

    private static FetchRequest request(TestDatabases databases) {
        return databases
                .request(all("public.t"))
                .concurrency(1)
                .continuation(Continuation.of(Optional.empty(), Duration.ofMinutes(1)))
                .build();
    }

    @Test
    void aCommitThatFailsIsDoneAgainFromTheSameSnapshot() throws SQLException {
        TestDatabases databases = refusing(2, "DEFERRABLE INITIALLY DEFERRED");

        FetchResult result = FetchJob.run(request(databases), LISTENER);

        assertThat(result.rowsTotal()).isEqualTo(5000);
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("5000");
        assertThat(WARNINGS).hasSize(2).allMatch(text -> text.contains("restart transaction (SQLSTATE 40001)"));
    }

    @Test
    void rowsThatAreRefusedInTheMiddleAreReadAgain() throws SQLException {
        TestDatabases databases = refusing(2, "NOT DEFERRABLE");

        assertThat(FetchJob.run(request(databases), LISTENER).rowsTotal()).isEqualTo(5000);

        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("5000");
        assertThat(WARNINGS).hasSize(2).allMatch(text -> text.contains("again, from the same snapshot"));
    }

    @Test
    void thatIsNotTriedForEver() throws SQLException {
        TestDatabases databases = refusing(1000, "DEFERRABLE INITIALLY DEFERRED");

        assertThat(catchThrowableOfType(FetchFailedException.class, () -> FetchJob.run(request(databases), LISTENER)))
                .hasMessageContaining("40001");
        assertThat(one(databases.target, "SELECT count(*) FROM t")).isEqualTo("0");
    }
}
