package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PastReadsTest {
    private static final String BEGUN = "1700000000123456789.0000000007";

    private final AtomicLong nanos = new AtomicLong(-42);
    private final PastReads reads = new PastReads(new BigDecimal(BEGUN), nanos::get);

    @Test
    void nothingIsReadAsItWasBeforeTheComparisonBegan() {
        assertThat(reads.time()).isEqualTo(BEGUN);
        nanos.addAndGet(PastReads.BEHIND.toNanos());
        assertThat(reads.time()).isEqualTo(BEGUN);
    }

    @Test
    void laterTransactionsReadFiveSecondsBehind() {
        nanos.addAndGet(PastReads.BEHIND.toNanos() + 1_000_000_011L);

        assertThat(reads.time()).isEqualTo("1700000001123456800.0000000007");
    }

    /** What a node answers whose clock is behind that of the node that was asked for the time. */
    private static Connection nodeBehind(int times, List<String> heard) {
        Statement statement = (Statement) Proxy.newProxyInstance(
                PastReadsTest.class.getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("execute")) {
                        heard.add("SET");
                        if (Collections.frequency(heard, "SET") <= times) {
                            throw new SQLException(
                                    "AS OF SYSTEM TIME: cannot specify timestamp in the future (2 > 1)", "22023");
                        }
                        return false;
                    }
                    return null;
                });
        return (Connection) Proxy.newProxyInstance(
                PastReadsTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("rollback")) {
                        heard.add("ROLLBACK");
                    }
                    return method.getName().equals("createStatement") ? statement : null;
                });
    }

    @Test
    void aNodeWhoseClockIsBehindIsWaitedFor() throws SQLException {
        List<String> heard = new ArrayList<>();

        reads.use(nodeBehind(2, heard));

        assertThat(heard).containsExactly("SET", "ROLLBACK", "SET", "ROLLBACK", "SET");
    }
}
