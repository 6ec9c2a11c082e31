package dev.godwit.verify.value;

import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and timestamps in ISO style, with years of any length, {@code BC}, and the infinities.
 *
 * <p>Counted from 2000-01-01 as PostgreSQL does: from 1970 its latest timestamps would not fit a long.
 */
final class DateTimeText {
    private static final Pattern FORM = Pattern.compile("(-?\\d{4,9})-(\\d\\d)-(\\d\\d)"
            + "(?:[ T](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)(Z|[+-]\\d\\d(?::?\\d\\d(?::?\\d\\d)?)?)?)?( BC)?");
    private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final long COCKROACH_LARGEST = micros("294276-12-31 23:59:59.999999");
    private static final long COCKROACH_SMALLEST = micros("4714-11-24 00:00:00 BC");

    private DateTimeText() {}

    static Long days(String text) {
        return switch (text) {
            case "infinity" -> Long.MAX_VALUE;
            case "-infinity" -> Long.MIN_VALUE;
            default -> {
                Matcher form = match(text);
                // CockroachDB writes a DATE as a date; a time of day would be something else.
                if (form.group(4) != null) {
                    throw new IllegalArgumentException("not a date: " + text);
                }
                yield day(form);
            }
        };
    }

    static Long micros(String text, Infinity infinity) {
        return switch (text) {
            case "infinity" -> infinity == Infinity.OF_ITS_OWN ? Long.MAX_VALUE : COCKROACH_LARGEST;
            case "-infinity" -> infinity == Infinity.OF_ITS_OWN ? Long.MIN_VALUE : COCKROACH_SMALLEST;
            default -> micros(text);
        };
    }

    private static long micros(String text) {
        Matcher form = match(text);
        if (form.group(4) == null) {
            throw new IllegalArgumentException("not a timestamp: " + text);
        }
        long offset = form.group(5) == null ? 0 : TimeText.offsetSeconds(form.group(5));
        long local = Math.addExact(Math.multiplyExact(day(form), MICROS_PER_DAY), TimeText.micros(form.group(4)));
        return Math.subtractExact(local, offset * 1_000_000L);
    }

    private static long day(Matcher form) {
        int year = Integer.parseInt(form.group(1));
        LocalDate date = LocalDate.of(
                form.group(6) == null ? year : 1 - year,
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)));
        return date.toEpochDay() - EPOCH_DAY;
    }

    private static Matcher match(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("neither date nor timestamp: " + text);
        }
        return form;
    }
}
