package dev.godwit.phase.file;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code ${NAME}} in values from the environment, so that a phase file can be kept without passwords in it. */
final class Variables {
    /** {@code $${NAME}} stands for the text {@code ${NAME}} itself. */
    private static final Pattern VARIABLE = Pattern.compile("(\\$?)\\$\\{([^}]*)}");

    private final UnaryOperator<String> environment;

    /** @param environment gives null for a variable that is not set */
    Variables(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    String fill(String text, Place place, String key) {
        return fill(text, place, key, -1);
    }

    /**
     * The same for a database URL: variables before the last {@code @}, user and password, are percent-encoded, so that they may hold any
     * character. A URL that is one variable as a whole is taken as it is.
     */
    String fillUrl(String text, Place place, String key) {
        return fill(text, place, key, text.lastIndexOf('@'));
    }

    private String fill(String text, Place place, String key, int encodeBefore) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String value;
            if (!matcher.group(1).isEmpty()) {
                value = "${" + matcher.group(2) + "}";
            } else {
                value = lookUp(matcher.group(2), place, key);
                if (matcher.start() < encodeBefore) {
                    value = URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
                }
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    private String lookUp(String name, Place place, String key) {
        String value = environment.apply(name);
        if (value == null) {
            throw place.refuse(
                    "\"" + key + "\" uses the environment variable " + name + ", which is not set",
                    "set it (export " + name + "=...), or write $${" + name + "} if the text itself is meant");
        }
        return value;
    }
}
