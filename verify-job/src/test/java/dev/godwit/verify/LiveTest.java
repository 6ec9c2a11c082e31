package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.verify.TestReplicator.Ends;
import dev.godwit.verify.live.ConsistentPoints;
import dev.godwit.verify.live.LiveDomains;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Between two PostgreSQL; and whose consistent point is waited for. */
@ExtendWith(TwoDatabases.class)
class LiveTest extends LiveContract {
    private static final int HOT_ROWS = 10;

    @Override
    Ends ends() {
        both("CREATE TABLE s.a (id INT PRIMARY KEY, v TEXT);"
                + " INSERT INTO s.a SELECT i, 'v' || i FROM generate_series(1, 2000) i");
        return Ends.postgres();
    }

    @Test
    void theDomainIsFoundOrRefused() throws SQLException {
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS)) {
            assertThat(choose(Optional.empty())).isEqualTo(TestReplicator.DOMAIN);
            refused("no domain nowhere", Optional.of("nowhere"));
            target("INSERT INTO _godwit.domain VALUES ('other', 1, '17.0000000001', now(), NULL, '{}', now())");
            assertThat(choose(Optional.empty())).isEqualTo(TestReplicator.DOMAIN);
            target("INSERT INTO _godwit.domain VALUES ('" + TestReplicator.DOMAIN
                    + ".dead-letters', 1, NULL, NULL, NULL, '{}', now())");
            assertThat(choose(Optional.empty()))
                    .as("a replay is no domain of its own")
                    .isEqualTo(TestReplicator.DOMAIN);
            refused("is a timestamp of CockroachDB, but the source is PostgreSQL", Optional.of("other"));
            target("UPDATE _godwit.domain SET consistent_point = '0/1' WHERE domain = 'other'");
            refused("more than one domain", Optional.empty());
            target("DELETE FROM _godwit.domain");
            refused("its ledger has none", Optional.empty());
            assertThat(replicator).isNotNull();
        }
    }

    private static String choose(Optional<String> domain) throws SQLException {
        return ConsistentPoints.choose(domain, TwoDatabases.source(), TwoDatabases.target())
                .name();
    }

    private static void refused(String message, Optional<String> domain) {
        assertThatThrownBy(() -> choose(domain))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining(message);
    }

    /** The ledger as an applier in mode grouped leaves it: {@code s.a} and {@code s.b} are of different groups. */
    @Test
    void aTableWaitsForTheDomainOfItsGroupAloneAndInModeImmediateForAll() throws SQLException {
        both("CREATE TABLE s.b (id INT PRIMARY KEY, v TEXT)");
        try (TestReplicator replicator = new TestReplicator(HOT_ROWS)) {
            target("DELETE FROM _godwit.domain; INSERT INTO _godwit.domain VALUES"
                    + " ('m-p-forward.a-1', 1, '0/1', now(), NULL, '{}', now()),"
                    + " ('m-p-forward.b-2', 1, 'FFFFFFFF/0', now(), NULL, '{}', now());"
                    + " INSERT INTO _godwit.direction VALUES"
                    + " ('m-p-forward', 'GROUPED', '[\"m-p-forward.a-1\",\"m-p-forward.b-2\"]', now());"
                    + " INSERT INTO _godwit.captured_table VALUES"
                    + " ('m-p-forward', 's', 'a', 'm-p-forward.a-1', '{}', 1, now()),"
                    + " ('m-p-forward', 's', 'b', 'm-p-forward.b-2', '{}', 1, now())");
            target("INSERT INTO s.b VALUES (1, 'planted'); DELETE FROM s.a WHERE id = 1");
            LiveDomains domains =
                    ConsistentPoints.choose(Optional.empty(), TwoDatabases.source(), TwoDatabases.target());

            assertThat(domains.name()).isEqualTo("m-p-forward");
            assertThat(domains.of(List.of(new TableName("s", "a")))).containsExactly("m-p-forward.a-1");
            assertThat(verify("b", domains, Duration.ofSeconds(60)).totals().extraneous())
                    .as("its own domain has passed")
                    .isEqualTo(1);
            assertThatThrownBy(() -> verify("a", domains, Duration.ofMillis(300)))
                    .hasMessageContaining("the consistent point of domain m-p-forward.a-1 stands at 0/1");
            assertThat(choose(Optional.of("m-p-forward.b-2"))).isEqualTo("m-p-forward.b-2");

            target("UPDATE _godwit.captured_table SET domain = direction");
            LiveDomains all =
                    ConsistentPoints.choose(Optional.of("m-p-forward"), TwoDatabases.source(), TwoDatabases.target());
            assertThat(all.of(List.of(new TableName("s", "b")))).containsExactly("m-p-forward.a-1", "m-p-forward.b-2");
            assertThatThrownBy(() -> verify("b", all, Duration.ofMillis(300))).hasMessageContaining("m-p-forward.a-1");
            assertThat(replicator).isNotNull();
        }
    }

    private static VerifyReport verify(String table, LiveDomains domains, Duration timeout) {
        return VerifyJob.run(
                new VerifyRequest(
                        TwoDatabases.source(),
                        TwoDatabases.target(),
                        List.of(TablePair.of(TwoDatabases.whole(table))),
                        1,
                        1000,
                        10,
                        Optional.empty(),
                        Optional.of(new LiveSettings(domains, timeout))),
                VerifyListener.SILENT);
    }
}
