package dev.godwit.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServer.class)
class LedgerSchemaTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 8;

    @Test
    void isCreatedBySeveralAtOnce(PostgresServer server) throws Exception {
        Database database = SharedServer.database(server);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                SharedServer.execute(database, "DROP SCHEMA IF EXISTS _godwit CASCADE");
                CyclicBarrier start = new CyclicBarrier(THREADS);
                List<Future<?>> creations = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    creations.add(threads.submit(() -> {
                        try (Connection connection = database.open()) {
                            start.await(1, TimeUnit.MINUTES);
                            LedgerSchema.create(connection);
                        }
                        return null;
                    }));
                }
                for (Future<?> creation : creations) {
                    creation.get(2, TimeUnit.MINUTES);
                }
                assertThat(SharedServer.column(
                                database, "SELECT tablename FROM pg_tables WHERE schemaname = '_godwit' ORDER BY 1"))
                        .containsExactly(
                                "applied",
                                "captured_table",
                                "changefeed",
                                "dead_letter",
                                "direction",
                                "domain",
                                "fetch",
                                "fetch_file",
                                "fetch_shard",
                                "fetch_table",
                                "phase_step",
                                "watermark");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keepsWhatIsThereWhenItIsCreatedAgain(PostgresServer server) throws Exception {
        Database database = SharedServer.database(server);
        try (Connection connection = database.open()) {
            LedgerSchema.create(connection);
            SharedServer.execute(database, "INSERT INTO _godwit.watermark VALUES ('d', 'm', now())");
            LedgerSchema.create(connection);
        }
        assertThat(SharedServer.column(database, "SELECT marker FROM _godwit.watermark"))
                .containsExactly("m");
    }
}
