package dev.godwit.verify.value;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An interval in {@code IntervalStyle postgres}, which CockroachDB shares: {@code 1 year 2 mons -3 days 04:05:06.789}.
 *
 * <p>Equality is that of the three parts; the order is the databases' own, which takes a month for 30 days and a day for 24 hours.
 */
record IntervalText(long months, long days, long micros) {
    private static final Pattern FORM =
            Pattern.compile("(?:([+-]?\\d+) years? ?)?(?:([+-]?\\d+) mons? ?)?(?:([+-]?\\d+) days? ?)?"
                    + "(?:([+-])?(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?)?");

    static IntervalText parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches()) {
            throw new IllegalArgumentException("not an interval: " + text);
        }
        long micros = 0;
        if (form.group(5) != null) {
            long seconds = Long.parseLong(form.group(5)) * 3600
                    + Long.parseLong(form.group(6)) * 60
                    + Long.parseLong(form.group(7));
            micros = Math.addExact(Math.multiplyExact(seconds, 1_000_000L), TimeText.fraction(form.group(8)));
            micros = "-".equals(form.group(4)) ? -micros : micros;
        }
        return new IntervalText(number(form.group(1)) * 12 + number(form.group(2)), number(form.group(3)), micros);
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    BigInteger estimatedMicros() {
        return BigInteger.valueOf(months * 30 + days)
                .multiply(BigInteger.valueOf(86_400_000_000L))
                .add(BigInteger.valueOf(micros));
    }
}
