package dev.godwit.fetch.report;

import java.time.Duration;
import java.util.Locale;

/** Writes amounts for people. */
final class Amounts {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB"};

    private Amounts() {}

    static String rows(long rows) {
        return String.format(Locale.ROOT, "%,d", rows);
    }

    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double amount = bytes;
        int unit = -1;
        while (amount >= 999.95 && unit < UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[Math.max(unit, 0)]);
    }

    static String time(Duration elapsed) {
        if (elapsed.compareTo(Duration.ofMinutes(1)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1000.0);
        }
        if (elapsed.compareTo(Duration.ofHours(1)) < 0) {
            return String.format(Locale.ROOT, "%d min %02d s", elapsed.toMinutes(), elapsed.toSecondsPart());
        }
        return String.format(Locale.ROOT, "%d h %02d min", elapsed.toHours(), elapsed.toMinutesPart());
    }

    /** {@code 000h 00m 01s}, as MOLT writes durations beside the milliseconds. */
    static String moltTime(Duration elapsed) {
        return String.format(
                Locale.ROOT, "%03dh %02dm %02ds", elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart());
    }
}
