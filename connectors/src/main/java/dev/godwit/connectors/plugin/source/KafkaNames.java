package dev.godwit.connectors.plugin.source;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of topics as CockroachDB's Kafka sink makes them of names of tables. */
public final class KafkaNames {
    private static final Pattern NOT_ALLOWED = Pattern.compile("[^a-zA-Z0-9._-]");
    private static final Pattern LOOKS_ESCAPED = Pattern.compile("_u[0-9a-fA-F]{2,8}_");

    private KafkaNames() {}

    /** Each character that Kafka does not allow becomes its code point, {@code _u00fc_}; so does all of what already looks like that. */
    public static String escaped(String name) {
        String unambiguous = LOOKS_ESCAPED.matcher(name).replaceAll(match -> escapes(match.group()));
        return NOT_ALLOWED.matcher(unambiguous).replaceAll(match -> escapes(match.group()));
    }

    private static String escapes(String text) {
        StringBuilder escapes = new StringBuilder();
        text.codePoints()
                .forEach(character -> escapes.append(
                        String.format(Locale.ROOT, character <= 0x10000 ? "_u%04x_" : "_u%08x_", character)));
        return escapes.toString();
    }
}
