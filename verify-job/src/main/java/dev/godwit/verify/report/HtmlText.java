package dev.godwit.verify.report;

import java.util.Locale;

/** What stands in a database or a name, made harmless in HTML. */
final class HtmlText {
    private static final int CHARACTERS_MAX = 300;
    private static final int NO_CHARACTER = 0xFFFE;

    private HtmlText() {}

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        String shown = text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
        shown.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    // Controls, what turns the direction of writing around, and what is no character (U+FFFE, U+FFFF).
                    if (Character.isISOControl(point)
                            || (point & NO_CHARACTER) == NO_CHARACTER
                            || Character.getType(point) == Character.FORMAT
                            || Character.getType(point) == Character.SURROGATE) {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", point));
                    } else {
                        escaped.appendCodePoint(point);
                    }
                }
            }
        });
        return shown.length() == text.length() ? escaped.toString() : escaped + "… (" + text.length() + " characters)";
    }
}
