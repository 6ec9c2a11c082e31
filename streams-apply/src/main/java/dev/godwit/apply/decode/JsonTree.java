package dev.godwit.apply.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link JsonScanner} needs seldom: objects, arrays, and strings that are not plain ASCII. */
final class JsonTree {
    static final Json TRUE = new Json.Bool(true);
    static final Json FALSE = new Json.Bool(false);

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;

    private JsonTree() {}

    static Json object(JsonScanner json) throws IOException {
        json.enter();
        Map<String, Json> members = new LinkedHashMap<>();
        for (String name = json.memberName(true); name != null; name = json.memberName(false)) {
            members.put(name, json.value());
        }
        return new Json.Members(members);
    }

    static Json array(JsonScanner json) throws IOException {
        json.enter();
        List<Json> elements = new ArrayList<>();
        for (boolean first = true; json.arrayHasElement(first); first = false) {
            elements.add(json.value());
        }
        return new Json.Array(elements);
    }

    /** @param written what stands between the quotes */
    static String text(ByteBuffer written) throws IOException {
        String raw = decoded(written);
        int escape = raw.indexOf('\\');
        if (escape < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int from = 0;
        while (escape >= 0) {
            text.append(raw, from, escape);
            from = escape + 2;
            char sign = raw.charAt(escape + 1);
            if (sign == 'u') {
                text.append(unicode(raw, from));
                from += HEX_DIGITS;
            } else {
                text.append(unescaped(sign));
            }
            escape = raw.indexOf('\\', from);
        }
        return text.append(raw, from, raw.length()).toString();
    }

    /** A byte that is no UTF-8 is an error; the usual decoding would put another sign in its place, in silence. */
    private static String decoded(ByteBuffer utf8) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new IOException("a string is no UTF-8", e);
        }
    }

    private static char unicode(String raw, int from) throws IOException {
        int code = 0;
        for (int i = from; i < from + HEX_DIGITS; i++) {
            int digit = i < raw.length() && raw.charAt(i) < 128 ? Character.digit(raw.charAt(i), HEX) : -1;
            if (digit < 0) {
                throw new IOException("\\u without four hexadecimal digits");
            }
            code = code * HEX + digit;
        }
        return (char) code;
    }

    private static char unescaped(char sign) throws IOException {
        return switch (sign) {
            case '"', '\\', '/' -> sign;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new IOException("\\" + sign + " means nothing");
        };
    }
}
