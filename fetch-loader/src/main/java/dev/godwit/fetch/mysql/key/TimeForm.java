package dev.godwit.fetch.mysql.key;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates, times and points in time. Sessions are in UTC, so a TIMESTAMP is what it shows. */
enum TimeForm implements KeyForm {
    DATE {
        @Override
        long number(String text) {
            return LocalDate.parse(text).toEpochDay();
        }

        @Override
        String text(long number) {
            return LocalDate.ofEpochDay(number).toString();
        }
    },
    TIMESTAMP {
        @Override
        long number(String text) {
            return ChronoUnit.MICROS.between(EPOCH, LocalDateTime.parse(text.replace(' ', 'T')));
        }

        @Override
        String text(long number) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(
                    Math.floorDiv(number, MICROS), (int) Math.floorMod(number, MICROS) * 1_000, ZoneOffset.UTC);
            return time.toLocalDate() + " " + clock(time.toLocalTime());
        }
    },
    /** Also negative, and beyond a day. */
    TIME {
        @Override
        long number(String text) {
            Matcher time = OF_DAY.matcher(text);
            if (!time.matches()) {
                throw new DateTimeException(text);
            }
            long seconds = (Long.parseLong(time.group(2)) * 60 + Long.parseLong(time.group(3))) * 60
                    + Long.parseLong(time.group(4));
            String fraction = time.group(5) == null ? "" : time.group(5);
            long micros = seconds * MICROS + Long.parseLong((fraction + "000000").substring(0, 6));
            return time.group(1).isEmpty() ? micros : -micros;
        }

        @Override
        String text(long number) {
            long micros = Math.abs(number);
            long seconds = micros / MICROS;
            return String.format(
                    Locale.ROOT,
                    "%s%02d:%02d:%02d.%06d",
                    number < 0 ? "-" : "",
                    seconds / 3_600,
                    seconds / 60 % 60,
                    seconds % 60,
                    micros % MICROS);
        }
    };

    private static final long MICROS = 1_000_000;
    private static final LocalDateTime EPOCH = LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC);
    private static final Pattern OF_DAY = Pattern.compile("(-?)([0-9]{2,3}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,6}))?");

    abstract long number(String text);

    abstract String text(long number);

    private static String clock(LocalTime time) {
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%06d",
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1_000);
    }

    @Override
    public String selected(String column) {
        return "CAST(" + column + " AS CHAR)";
    }

    @Override
    public String literal(String text) {
        return name() + "'" + text + "'";
    }

    @Override
    public Optional<String> between(String low, String high) {
        try {
            return NumberForm.middle(BigInteger.valueOf(number(low)), BigInteger.valueOf(number(high)))
                    .map(number -> text(number.longValue()));
        } catch (DateTimeException e) {
            return Optional.empty(); // a date that no calendar has; a load of such rows is refused anyway
        }
    }
}
