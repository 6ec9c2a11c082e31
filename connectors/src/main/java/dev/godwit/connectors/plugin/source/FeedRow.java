package dev.godwit.connectors.plugin.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A row of the feed's result.
 *
 * @param table null in a resolved message
 * @param key null in a resolved message
 * @param value the message
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record FeedRow(String table, byte[] key, byte[] value) {
    private static final int COLUMNS = 3;

    /** What a row costs beside its bytes, about. */
    private static final long OVERHEAD_BYTES = 100;

    static FeedRow of(byte[][] columns) throws IOException {
        if (columns.length != COLUMNS) {
            throw new IOException("the changefeed sends " + columns.length + " columns, not table, key and value");
        }
        return new FeedRow(
                columns[0] == null ? null : new String(columns[0], StandardCharsets.UTF_8),
                bytes(columns[1]),
                bytes(columns[2]));
    }

    boolean isResolved() {
        return table == null && key == null;
    }

    long bytes() {
        return OVERHEAD_BYTES + (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }

    /** BYTES in text form: {@code \x}, then two hexadecimal digits a byte. */
    private static byte[] bytes(byte[] text) throws IOException {
        if (text == null) {
            return null;
        }
        if (text.length < 2 || text[0] != '\\' || text[1] != 'x' || text.length % 2 != 0) {
            throw new IOException("a BYTES value does not come in hex, as bytea_output says it should");
        }
        byte[] bytes = new byte[text.length / 2 - 1];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(text[2 * i + 2], 16);
            int low = Character.digit(text[2 * i + 3], 16);
            if (high < 0 || low < 0) {
                throw new IOException("a BYTES value has a character that is no hexadecimal digit");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }
}
