package dev.godwit.local.changefeed;

import dev.godwit.local.changefeed.ValueFormat.FeedType;
import java.math.BigDecimal;

/**
 * Turns a value from PostgreSQL's text (ISO dates, zone UTC, bytes in hex) into the JSON that CockroachDB writes for the same value, with
 * {@code encode_json_value_null_as_object}.
 */
final class ValueJson {
    private static final String JSON_NULL = "{\"__crdb_json_null__\": true}";
    // CockroachDB v22.1 has no infinite timestamps; it sends the ends of its range.
    private static final String TIMESTAMP_MAX = "294276-12-31T23:59:59.999999";
    private static final String TIMESTAMP_MIN = "-4713-11-24T00:00:00";

    private ValueJson() {}

    /** @param text null for SQL NULL */
    static void append(StringBuilder out, FeedType type, String text) {
        if (text == null) {
            out.append("null");
        } else if (type.array()) {
            new ArrayJson(out, type.format(), text).append();
        } else {
            scalar(out, type.format(), text);
        }
    }

    static void scalar(StringBuilder out, ValueFormat format, String text) {
        switch (format) {
            case BOOLEAN -> out.append(text.equals("t") ? "true" : "false");
            case NUMBER -> number(out, text);
            case TEXT -> JsonText.string(out, text);
            case CHAR -> JsonText.string(out, withoutTrailingBlanks(text));
            case TIMETZ -> JsonText.string(out, withSecondsInZone(text));
            case TIMESTAMP -> JsonText.string(out, timestamp(text));
            case TIMESTAMPTZ -> JsonText.string(out, timestamptz(text));
            case JSON -> out.append(text.strip().equals("null") ? JSON_NULL : text);
        }
    }

    private static void number(StringBuilder out, String text) {
        switch (text) {
            case "NaN", "Infinity", "-Infinity" -> JsonText.string(out, text);
            case "-0" -> out.append("-0"); // BigDecimal has no negative zero
            // BigDecimal writes by the same rules as CockroachDB's decimals: 1E-30, 1.50, 1E+30.
            default -> out.append(new BigDecimal(text));
        }
    }

    private static String withoutTrailingBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** {@code 12:34:56.789+02} becomes {@code 12:34:56.789+02:00:00}. */
    private static String withSecondsInZone(String text) {
        int zone = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
        return text + ":00".repeat((9 - (text.length() - zone)) / 3);
    }

    private static String timestamp(String text) {
        return switch (text) {
            case "infinity" -> TIMESTAMP_MAX;
            case "-infinity" -> TIMESTAMP_MIN;
            default -> iso(text);
        };
    }

    private static String timestamptz(String text) {
        // With the session in UTC the zone is always +00, before BC if that is there.
        return timestamp(text.replace("+00", "")) + "Z";
    }

    /** {@code 0044-03-15 12:00:00 BC} becomes {@code -0043-03-15T12:00:00}: ISO 8601 has a year 0. */
    private static String iso(String text) {
        if (!text.endsWith(" BC")) {
            return text.replace(' ', 'T');
        }
        int hyphen = text.indexOf('-');
        int year = 1 - Integer.parseInt(text.substring(0, hyphen));
        String digits = Integer.toString(Math.abs(year));
        return (year < 0 ? "-" : "")
                + "0".repeat(Math.max(0, 4 - digits.length()))
                + digits
                + text.substring(hyphen, text.length() - " BC".length()).replace(' ', 'T');
    }
}
