package dev.godwit.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RegionGateTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final RegionGate gate = new RegionGate(Region.EU, Side.SOURCE, Clock.systemUTC());

    @Test
    void stopWaitsForTransactionsUnderWayAndLetsNoNewOneIn() throws Exception {
        assertThat(gate.tryEnter()).contains(Side.SOURCE);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stop(LONG));
        await().atMost(LONG).until(() -> !gate.isOpen());
        assertThat(gate.tryEnter()).isEmpty();
        assertThat(stop).isNotDone();
        gate.leave();
        stop.get(1, TimeUnit.MINUTES);
        gate.open(Side.TARGET);
        assertThat(gate.tryEnter()).contains(Side.TARGET);
    }

    @Test
    void stopThatTimesOutLeavesTheRegionStopped() {
        assertThat(gate.tryEnter()).isPresent();
        assertThatThrownBy(() -> gate.stop(Duration.ofMillis(20)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 transactions are still under way");
        assertThat(gate.tryEnter()).isEmpty();
        assertThatThrownBy(() -> gate.open(Side.TARGET)).isInstanceOf(IllegalStateException.class);
        gate.open(Side.SOURCE);
        assertThat(gate.tryEnter()).contains(Side.SOURCE);
    }

    @Test
    void doesNotChangeSidesWhileOpen() {
        assertThatThrownBy(() -> gate.open(Side.TARGET)).isInstanceOf(IllegalStateException.class);
        assertThat(gate.side()).isEqualTo(Side.SOURCE);
    }

    @Test
    void downtimeLastsFromTheLastSuccessBeforeToTheFirstAfter() throws Exception {
        assertThatThrownBy(() -> gate.awaitDowntimeEnd(LONG)).isInstanceOf(IllegalStateException.class);
        succeed();
        gate.tryEnter();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stop(LONG));
        await().atMost(LONG).until(() -> !gate.isOpen());
        long before = System.nanoTime();
        gate.succeeded(); // was under way: the downtime begins here
        gate.leave();
        stop.get(1, TimeUnit.MINUTES);
        assertThat(gate.downtimes()).isEmpty();
        assertThatThrownBy(() -> gate.awaitDowntimeEnd(Duration.ofMillis(60))).isInstanceOf(TimeoutException.class);
        gate.open(Side.TARGET);
        succeed();
        Duration atMost = Duration.ofNanos(System.nanoTime() - before);
        Downtime downtime = gate.awaitDowntimeEnd(LONG);
        assertThat(downtime.duration()).isBetween(Duration.ofMillis(60), atMost);
        assertThat(downtime.before()).isEqualTo(Side.SOURCE);
        assertThat(downtime.after()).isEqualTo(Side.TARGET);
        assertThat(downtime.ended()).isAfter(downtime.began());
        assertThat(gate.longestGap()).isGreaterThanOrEqualTo(downtime.duration());
        succeed();
        assertThat(gate.downtimes()).containsExactly(downtime);
    }

    private void succeed() {
        assertThat(gate.tryEnter()).isPresent();
        gate.succeeded();
        gate.leave();
    }

    private void stop(Duration timeout) {
        try {
            gate.stop(timeout);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
