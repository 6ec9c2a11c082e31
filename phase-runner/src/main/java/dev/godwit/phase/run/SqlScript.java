package dev.godwit.phase.run;

import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a file of SQL into its statements: at semicolons that stand outside of quotes, dollar quotes and comments. */
final class SqlScript {
    private static final Pattern DOLLAR_TAG =
            Pattern.compile("\\$([A-Za-z_\\u0080-\\uffff][A-Za-z0-9_\\u0080-\\uffff]*)?\\$");

    private final Path file;
    private final String text;
    private final List<String> statements = new ArrayList<>();
    /** The statement so far, without its comments. */
    private final StringBuilder current = new StringBuilder();

    private int at;

    private SqlScript(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** @throws RefusedException if the file cannot be read, or ends within a quote or comment */
    static List<String> read(Path file) {
        try {
            return statements(file, Files.readString(file));
        } catch (IOException e) {
            throw new RefusedException(
                    "cannot read " + file + ": " + e.getMessage(), "check the file named under \"finalize\"", e);
        }
    }

    static List<String> statements(Path file, String text) {
        return new SqlScript(file, text).cut();
    }

    private List<String> cut() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                at++;
                finish();
            } else if (text.startsWith("--", at)) {
                skipLine();
            } else if (text.startsWith("/*", at)) {
                skipComment();
            } else if (c == '\'' || c == '"') {
                boolean escapes = c == '\'' && precededByEscapeMark();
                takeTo(endOfQuote(c, escapes));
            } else if (c == '$' && (at == 0 || !Character.isJavaIdentifierPart(text.charAt(at - 1)))) {
                takeTo(endOfDollarQuote());
            } else {
                takeTo(at + 1);
            }
        }
        finish();
        return List.copyOf(statements);
    }

    private void takeTo(int end) {
        current.append(text, at, end);
        at = end;
    }

    private void finish() {
        String statement = current.toString().strip();
        if (!statement.isEmpty()) {
            statements.add(statement);
        }
        current.setLength(0);
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    /** Comments nest in PostgreSQL. */
    private void skipComment() {
        int begin = at;
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < text.length());
        if (depth > 0) {
            throw open(begin, "a comment");
        }
        current.append(' ');
    }

    /** {@code E'...'}: a backslash may hide a quote. */
    private boolean precededByEscapeMark() {
        boolean mark = at > 0 && Character.toUpperCase(text.charAt(at - 1)) == 'E';
        return mark && (at == 1 || !Character.isJavaIdentifierPart(text.charAt(at - 2)));
    }

    private int endOfQuote(char quote, boolean escapes) {
        // A doubled quote reads as the end of one text and the begin of the next, which cuts the same.
        for (int i = at + 1; i < text.length(); i++) {
            if (escapes && text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i + 1;
            }
        }
        throw open(at, "a quote");
    }

    private int endOfDollarQuote() {
        Matcher tag = DOLLAR_TAG.matcher(text).region(at, text.length());
        if (!tag.lookingAt()) {
            return at + 1;
        }
        int end = text.indexOf(tag.group(), tag.end());
        if (end < 0) {
            throw open(at, "a dollar quote");
        }
        return end + tag.group().length();
    }

    private RefusedException open(int begin, String what) {
        long line = text.substring(0, begin).lines().count();
        return new RefusedException(
                file + ":" + Math.max(1, line) + ": " + what + " begins here and does not end", "close it");
    }
}
