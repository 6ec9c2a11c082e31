package dev.godwit.apply.decode;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Column names in Avro, which allows letters, digits and underscores only. CockroachDB writes {@code _u0020_} for a blank;
 * whatever looks like that in a name is itself written so. Debezium's {@code avro_unicode} writes {@code _u0020}, and every
 * underscore as {@code _u005f}. Both can be read back without a doubt.
 */
final class AvroNames {
    private static final Pattern COCKROACH = Pattern.compile("_u([0-9a-fA-F]{2,8})_");
    private static final Pattern DEBEZIUM = Pattern.compile("_u([0-9a-fA-F]{4})");

    private AvroNames() {}

    /** The column behind a field of a changefeed. */
    static String column(String field) {
        return field.indexOf('_') < 0 ? field : replaced(COCKROACH, field);
    }

    /** The column behind a field of Debezium with {@code field.name.adjustment.mode=avro_unicode}. */
    static String debeziumColumn(String field) {
        return field.indexOf('_') < 0 ? field : replaced(DEBEZIUM, field);
    }

    private static String replaced(Pattern pattern, String field) {
        Matcher matcher = pattern.matcher(field);
        StringBuilder name = new StringBuilder();
        while (matcher.find()) {
            long code = Long.parseLong(matcher.group(1), 16);
            String character = code <= Character.MAX_CODE_POINT ? Character.toString((int) code) : matcher.group();
            matcher.appendReplacement(name, Matcher.quoteReplacement(character));
        }
        return matcher.appendTail(name).toString();
    }
}
