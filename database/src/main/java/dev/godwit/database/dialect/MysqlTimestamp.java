package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.type.TypeKind;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Timestamps as MySQL takes them in a session whose time zone is UTC, always with six digits. */
final class MysqlTimestamp {
    private static final Pattern TIMESTAMP = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.([0-9]{1,9}))?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?");

    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private MysqlTimestamp() {}

    static String of(Column column, String text) throws SQLException {
        Matcher parts = TIMESTAMP.matcher(text);
        if (!parts.matches()) {
            throw MysqlValues.refused(column, text, "MySQL's timestamps end in the year 9999, and have no infinity");
        }
        String fraction = parts.group(3);
        MysqlValues.requireDigits(column, text, fraction);
        try {
            LocalDateTime time = LocalDateTime.parse(
                    parts.group(1) + "T" + parts.group(2) + (fraction == null ? "" : "." + fraction));
            if (column.type().kind() == TypeKind.TIMESTAMPTZ && parts.group(4) != null) {
                time = time.atOffset(ZoneOffset.of(parts.group(4)))
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toLocalDateTime();
            }
            return FORM.format(time);
        } catch (DateTimeException e) {
            throw MysqlValues.refused(column, text, "there is no such time");
        }
    }
}
