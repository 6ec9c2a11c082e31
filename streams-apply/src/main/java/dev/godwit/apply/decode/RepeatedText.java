package dev.godwit.apply.decode;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * A text that mostly is that of the message before, as the name of a schema: then no new one is made.
 *
 * <p>May be used by several threads: they may overwrite what another has noted, which costs time and nothing else.
 */
final class RepeatedText {
    private volatile String text = "";

    /** The text of the parser's current token, a scalar. */
    String read(JsonParser parser) throws IOException {
        String known = text;
        if (isSame(known, parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength())) {
            return known;
        }
        String read = parser.getText();
        text = read;
        return read;
    }

    private static boolean isSame(String known, char[] signs, int from, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != signs[from + i]) {
                return false;
            }
        }
        return true;
    }
}
