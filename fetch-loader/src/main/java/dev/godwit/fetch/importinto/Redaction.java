package dev.godwit.fetch.importinto;

import java.util.regex.Pattern;

/** Takes out of CockroachDB's messages what is nobody's business: credentials in URLs, and the row that could not be read. */
final class Redaction {
    private static final Pattern URL_PARAMETERS = Pattern.compile("([a-z][a-z0-9+.-]*://[^\\s'\"?]*)\\?[^\\s'\"]*");
    private static final Pattern ROW = Pattern.compile("\\(row: .*", Pattern.DOTALL);

    private Redaction() {}

    static String redact(String message) {
        return ROW.matcher(URL_PARAMETERS.matcher(message).replaceAll("$1?..."))
                .replaceAll("(its content is left out)");
    }
}
