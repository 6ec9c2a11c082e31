package dev.godwit.database.dialect;

import java.util.EnumSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which fractional digits and fields a type of time keeps. {@code atttypmod} of CockroachDB does not say so, and what a column does not keep it rounds off in
 * silence; its own words for the type do.
 */
final class CockroachPrecision {
    private static final Pattern TYPE = Pattern.compile(
            "(?:TIME|TIMETZ|TIMESTAMP|TIMESTAMPTZ|(INTERVAL)(?: (\\w+)(?: TO (\\w+))?)?)(?:\\((\\d)\\))?(?:\\[])?");
    private static final int ALL_FIELDS = 0x7fff;
    private static final int ALL_DIGITS = 0xffff;

    /** From the coarsest to the finest, with PostgreSQL's bit for each. */
    private enum Field {
        YEAR(2),
        MONTH(1),
        DAY(3),
        HOUR(10),
        MINUTE(11),
        SECOND(12);

        private final int bit;

        Field(int bit) {
            this.bit = bit;
        }
    }

    private CockroachPrecision() {}

    /**
     * The modifier as PostgreSQL packs it; empty if the type keeps everything, or is none of time.
     *
     * @param sqlType {@code TIMESTAMP(3)}, {@code INTERVAL DAY TO SECOND(3)}, {@code TIME(0)[]}
     */
    static OptionalInt modifier(String sqlType) {
        Matcher type = TYPE.matcher(sqlType.toUpperCase(Locale.ROOT));
        if (!type.matches() || (type.group(2) == null && type.group(4) == null)) {
            return OptionalInt.empty();
        }
        int digits = type.group(4) == null ? ALL_DIGITS : Integer.parseInt(type.group(4));
        return OptionalInt.of(
                type.group(1) == null ? digits : fields(type.group(2), type.group(3)) << Short.SIZE | digits);
    }

    private static int fields(String from, String to) {
        if (from == null) {
            return ALL_FIELDS;
        }
        int fields = 0;
        for (Field field : EnumSet.range(Field.valueOf(from), Field.valueOf(to == null ? from : to))) {
            fields |= 1 << field.bit;
        }
        return fields;
    }
}
