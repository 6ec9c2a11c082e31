package dev.godwit.apply.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads a JSON text (RFC 8259) piece by piece from its bytes: what is asked for becomes a text, what nobody asks for is
 * skipped without making an object of it. Most of what Debezium sends is skipped, and a general parser took a third
 * of the applier's time, and more than that to be compiled.
 *
 * <p>Every method that reads leaves the scanner behind what it has read, and throws {@link IOException} where the bytes are no
 * JSON. Not thread-safe.
 */
final class JsonScanner {
    /** Deeper values are refused: they are read by recursion. */
    private static final int DEPTH_MAX = 1_000;

    /** As many always fit into a long. */
    private static final int LONG_DIGITS = 18;

    private static final byte END = 0;
    private static final byte PLAIN = 0;
    private static final byte NOT_ASCII = 1;
    private static final byte ESCAPE = 2;
    private static final byte QUOTE = 3;
    private static final byte FORBIDDEN = 4;
    /** What a byte is within a string. */
    private static final byte[] KINDS = new byte[256];

    static {
        Arrays.fill(KINDS, 0, ' ', FORBIDDEN);
        Arrays.fill(KINDS, 128, 256, NOT_ASCII);
        KINDS['"'] = QUOTE;
        KINDS['\\'] = ESCAPE;
    }

    private final byte[] json;
    private int at;
    private int depth;

    JsonScanner(byte[] json) {
        this.json = json;
    }

    /** Passes the beginning of an object; false if the next value is none. */
    boolean beginObject() {
        if (next() != '{') {
            return false;
        }
        at++;
        return true;
    }

    /**
     * Passes the name of the next member if it is written exactly like this.
     *
     * @param written with quotes and colon
     * @param first whether it is the first member of its object
     */
    boolean passName(byte[] written, boolean first) {
        int from = at;
        if (!first) {
            if (from >= json.length || json[from] != ',') {
                return false;
            }
            from++;
        }
        int to = from + written.length;
        if (to > json.length || !Arrays.equals(json, from, to, written, 0, written.length)) {
            return false;
        }
        at = to;
        return true;
    }

    /** The name of the next member; null at the end of the object, which is passed then. */
    String name(boolean first) throws IOException {
        if (next() == '}') {
            at++;
            return null;
        }
        if (!first) {
            require(',');
        }
        if (next() != '"') {
            throw malformed("a name is missing");
        }
        String name = string();
        require(':');
        return name;
    }

    /** Whether another element of the array follows; its end is passed. */
    private boolean hasElement(boolean first) throws IOException {
        if (next() == ']') {
            at++;
            return false;
        }
        if (!first) {
            require(',');
        }
        return true;
    }

    /** Nothing but blanks may be left. */
    void requireEnd() throws IOException {
        if (next() != END || at < json.length) {
            throw malformed("there is something behind the value");
        }
    }

    /** The next value. */
    Json value() throws IOException {
        return switch (next()) {
            case '"' -> new Json.Text(string());
            case '{' -> JsonTree.object(this);
            case '[' -> JsonTree.array(this);
            case 't' -> literal("true", JsonTree.TRUE);
            case 'f' -> literal("false", JsonTree.FALSE);
            case 'n' -> literal("null", Json.NULL);
            default -> new Json.Numeral(number());
        };
    }

    /**
     * Passes the next value.
     *
     * @return where it begins; never 0 for a member
     */
    int skip() throws IOException {
        int kind = next();
        int begin = at;
        switch (kind) {
            case '"' -> skipString();
            case '{' -> {
                enter();
                for (boolean first = true; skipName(first); first = false) {
                    skip();
                }
                depth--;
            }
            case '[' -> {
                enter();
                for (boolean first = true; hasElement(first); first = false) {
                    skip();
                }
                depth--;
            }
            case 't' -> literal("true", null);
            case 'f' -> literal("false", null);
            case 'n' -> literal("null", null);
            default -> skipNumber();
        }
        return begin;
    }

    private boolean skipName(boolean first) throws IOException {
        if (next() == '}') {
            at++;
            return false;
        }
        if (!first) {
            require(',');
        }
        if (next() != '"') {
            throw malformed("a name is missing");
        }
        skipString();
        require(':');
        return true;
    }

    /** Passes the beginning of an object or array. */
    void enter() throws IOException {
        at++;
        if (++depth > DEPTH_MAX) {
            throw malformed("it is nested too deep");
        }
    }

    /** As {@link #name}, within {@link JsonTree}. */
    String memberName(boolean first) throws IOException {
        String name = name(first);
        if (name == null) {
            depth--;
        }
        return name;
    }

    /** As {@link #hasElement}, within {@link JsonTree}. */
    boolean arrayHasElement(boolean first) throws IOException {
        boolean has = hasElement(first);
        if (!has) {
            depth--;
        }
        return has;
    }

    /**
     * The text of a value that was passed: a string, a number as it was written, true or false.
     *
     * @param begin what {@link #skip()} has returned
     * @return null for null, objects and arrays
     */
    String scalar(int begin) throws IOException {
        if (!isScalar(begin)) {
            return null;
        }
        at = begin;
        return switch (json[begin]) {
            case '"' -> string();
            case 't' -> "true";
            case 'f' -> "false";
            default -> number();
        };
    }

    /** Whether the value that begins there is neither null nor an object or array. */
    boolean isScalar(int begin) {
        int kind = json[begin];
        return kind != '{' && kind != '[' && kind != 'n';
    }

    /**
     * A whole number that was passed, also if it is the text of a string.
     *
     * @throws NumberFormatException if it is none
     */
    long wholeNumber(int begin) throws IOException {
        long number = 0;
        int i = begin;
        while (i < json.length && i - begin < LONG_DIGITS && json[i] >= '0' && json[i] <= '9') {
            number = number * 10 + (json[i++] - '0');
        }
        boolean ends = i > begin && i < json.length && (json[i] == ',' || json[i] == '}');
        return ends ? number : Long.parseLong(scalar(begin));
    }

    /** Whether the value that begins there is written like this, or goes on behind it. */
    boolean isWritten(int begin, byte[] written) {
        int to = begin + written.length;
        return to <= json.length && Arrays.equals(json, begin, to, written, 0, written.length);
    }

    /** How a value that was passed is written. */
    byte[] written(int begin) throws IOException {
        at = begin;
        skip();
        return Arrays.copyOfRange(json, begin, at);
    }

    private int next() {
        while (at < json.length) {
            byte b = json[at];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b;
            }
            at++;
        }
        return END;
    }

    private void require(char sign) throws IOException {
        if (next() != sign) {
            throw malformed("'" + sign + "' is missing");
        }
        at++;
    }

    private Json literal(String text, Json value) throws IOException {
        for (int i = 0; i < text.length(); i++, at++) {
            if (at >= json.length || json[at] != text.charAt(i)) {
                throw malformed("no JSON value");
            }
        }
        return value;
    }

    private String number() throws IOException {
        int begin = at;
        skipNumber();
        return new String(json, begin, at - begin, StandardCharsets.ISO_8859_1);
    }

    private void skipNumber() throws IOException {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            skipDigits();
        }
        if (peek() == '.') {
            at++;
            skipDigits();
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            skipDigits();
        }
    }

    private void skipDigits() throws IOException {
        int begin = at;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            at++;
        }
        if (at == begin) {
            throw malformed("no JSON value");
        }
    }

    private int peek() {
        return at < json.length ? json[at] : END;
    }

    /** @return whether it is plain ASCII without escapes */
    private boolean skipString() throws IOException {
        int i = at + 1;
        int kinds = PLAIN;
        while (i < json.length) {
            byte kind = KINDS[json[i++] & 0xff];
            if (kind == PLAIN) {
                continue;
            }
            if (kind == QUOTE) {
                at = i;
                return kinds == PLAIN;
            }
            if (kind == FORBIDDEN) {
                throw malformed("a control character within a string");
            }
            if (kind == ESCAPE) {
                i++; // what is escaped is looked at when it is asked for
            }
            kinds |= kind;
        }
        throw malformed("a string does not end");
    }

    private String string() throws IOException {
        int begin = at + 1;
        boolean plain = skipString();
        int length = at - 1 - begin;
        return plain
                ? new String(json, begin, length, StandardCharsets.ISO_8859_1)
                : JsonTree.text(ByteBuffer.wrap(json, begin, length));
    }

    private IOException malformed(String why) {
        return new IOException(why + " at byte " + at);
    }
}
