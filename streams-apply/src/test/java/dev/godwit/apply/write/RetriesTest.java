package dev.godwit.apply.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.database.Product;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.dialect.FailureClass;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final Dialect DIALECT = Dialect.of(Product.POSTGRESQL);

    private final List<FailureClass> told = new ArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void triesAgainUntilItGoesThroughAndTellsEachReason() {
        Retries retries = new Retries(Duration.ofMinutes(1), 10, told::add);
        retries.repeat("write", DIALECT, () -> {
            switch (attempts.incrementAndGet()) {
                case 1 -> throw new SQLException("deadlock", "40P01");
                case 2 -> throw new SQLException("gone", "08006");
                default -> {}
            }
        });

        assertThat(told).containsExactly(FailureClass.RETRY_NOW, FailureClass.RECONNECT);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void givesUpAfterSoManyAttempts() {
        assertThatThrownBy(() -> failing(new Retries(Duration.ofMinutes(10), 3, told::add), "40001"))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("SQLSTATE 40001, after 3 attempts");
        assertThat(attempts).hasValue(3);
        assertThat(told).hasSize(2);
    }

    @Test
    void givesUpWhenTheTimeIsOver() {
        assertThatThrownBy(() -> failing(new Retries(Duration.ofMillis(100), 1_000, told::add), "40001"))
                .isInstanceOf(ApplyException.class);
        assertThat(attempts.get()).isBetween(2, 20);
    }

    @Test
    void doesNotTryAgainWhatCannotBecomeBetter() {
        for (String state : List.of("22001", "23502", "42501", "53100")) {
            attempts.set(0);
            assertThatThrownBy(() -> failing(new Retries(Duration.ofMinutes(10), 3, told::add), state))
                    .isInstanceOf(ApplyException.class);
            assertThat(attempts).as(state).hasValue(1);
        }
        assertThat(told).isEmpty();
    }

    private void failing(Retries retries, String sqlState) {
        retries.repeat("write", DIALECT, () -> {
            attempts.incrementAndGet();
            throw new SQLException("always", sqlState);
        });
    }
}
