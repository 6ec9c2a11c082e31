package dev.godwit.verify.structure;

import java.util.regex.Pattern;

/** Brings the text of an SQL expression into a form in which two databases may agree. For warnings only: it may take equal ones for different. */
final class ExpressionText {
    private static final Pattern CAST =
            Pattern.compile(":::?\\s*[a-z_0-9\" ]+?(\\([0-9, ]+\\))?(\\[\\])?(?=$|[^a-z_0-9\" (\\[])");
    private static final Pattern SEQUENCE = Pattern.compile("nextval\\(.*\\)");
    private static final Pattern NOISE = Pattern.compile("[\\s()\"]+");

    private ExpressionText() {}

    static String normalized(String expression) {
        String text = CAST.matcher(expression.strip()).replaceAll("");
        text = SEQUENCE.matcher(text).replaceAll("nextval");
        text = text.replaceFirst("(?i)^check\\s*", "");
        return NOISE.matcher(text)
                .replaceAll("")
                .replace("current_timestamp", "now")
                .replace("CURRENT_TIMESTAMP", "now");
    }
}
