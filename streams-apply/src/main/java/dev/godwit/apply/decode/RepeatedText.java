package dev.godwit.apply.decode;

import java.io.IOException;

/** A string that mostly is that of the message before, as the name of a schema: then no new one is made. Not thread-safe. */
final class RepeatedText {
    private byte[] written = {};
    private String text;

    /**
     * @param begin where it stands
     * @return null if there is no scalar
     */
    String read(JsonScanner json, int begin) throws IOException {
        if (text != null && json.isWritten(begin, written)) {
            return text;
        }
        byte[] now = json.written(begin);
        String read = json.scalar(begin);
        // Only a string tells by its last byte that it does not go on.
        if (now[0] == '"') {
            written = now;
            text = read;
        }
        return read;
    }
}
