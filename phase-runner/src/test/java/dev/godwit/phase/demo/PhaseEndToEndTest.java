package dev.godwit.phase.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.apply.Drain;
import dev.godwit.database.Database;
import dev.godwit.local.LocalStack;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.DemoData;
import dev.godwit.local.demo.DemoSchema;
import dev.godwit.local.demo.LostWriteCheck;
import dev.godwit.local.demo.Region;
import dev.godwit.local.demo.Side;
import dev.godwit.local.demo.Traffic;
import dev.godwit.local.demo.TrafficRouter;
import dev.godwit.local.demo.TrafficSettings;
import dev.godwit.phase.log.PhaseStep;
import java.io.PrintWriter;
import java.io.Writer;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A phase there and back on the whole local stack, under traffic; the databases are compared with SQL of the test's own. */
@Timeout(600)
class PhaseEndToEndTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void aPhaseMovesToTheTargetAndBackWithoutLosingOrChangingARow() throws Exception {
        try (LocalStack stack = LocalStack.start(Target.POSTGRESQL_STAND_IN)) {
            Database source = Database.connect("source", stack.source().createDatabase("shop"));
            Database target = Database.connect("target", stack.target().createDatabase("shop"));
            try (Connection connection = source.open()) {
                DemoSchema.createTables(connection, source.product());
            }
            try (Connection connection = target.open()) {
                DemoSchema.createTargetTables(connection, target.product());
            }
            DemoData.fill(source, 6_000, 7);
            TrafficRouter router = new TrafficRouter(source, target);
            Narrator silent = new Narrator(new PrintWriter(Writer.nullWriter()));
            try (Traffic traffic = Traffic.start(router, new TrafficSettings(80, 4, 7));
                    DemoPhase eu = new DemoPhase(Region.EU, true, stack, source, target, router, traffic, silent)) {
                eu.moveToTarget();

                // While eu is on the target, its writes arrive on the source, and nothing of other regions is on the
                // target.
                router.stop(Region.EU, SOON);
                new Drain(target, source, "shop-eu-failback").run(SOON, Optional::empty);
                assertThat(Fingerprint.of(source, "region = 'eu'")).isEqualTo(Fingerprint.of(target, "region = 'eu'"));
                for (String rows : Fingerprint.of(target, "region <> 'eu'").values()) {
                    assertThat(rows).startsWith("0 ");
                }
                assertThat(LostWriteCheck.owner(target, Region.EU, traffic)).isEmpty();
                assertThat(eu.forwardCounts().changes()).isPositive();
                assertThat(eu.failbackCounts().changes()).isPositive();
                assertThat(Fingerprint.single(source, "SELECT count(*) FROM pg_replication_slots"))
                        .as("step 10 has dropped the slot that would keep the source's log")
                        .isEqualTo("0");
                router.open(Region.EU, Side.TARGET);

                eu.returnToSource();
                assertThat(router.side(Region.EU)).isEqualTo(Side.SOURCE);
                assertThat(eu.records().get(PhaseStep.ROLLBACK).isDone()).isTrue();
                traffic.pause();
                assertThat(traffic.counts().failures())
                        .as("%s", traffic.counts().firstFailures())
                        .isZero();
                for (Region region : Region.values()) {
                    assertThat(LostWriteCheck.owner(source, region, traffic)).isEmpty();
                }
                assertThat(Fingerprint.single(target, "SELECT count(*) FROM pg_replication_slots"))
                        .as("the rollback has removed the feed")
                        .isEqualTo("0");
            }
        }
    }
}
