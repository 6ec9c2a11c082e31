package dev.godwit.fetch.mysql.key;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;

/** Binary values, as hexadecimal digits. */
record BytesForm() implements KeyForm {
    private static final int RADIX = 257;
    private static final int PRECISION = 7;

    @Override
    public String selected(String column) {
        return "HEX(" + column + ")";
    }

    @Override
    public String literal(String text) {
        return "X'" + text + "'";
    }

    @Override
    public Optional<String> between(String low, String high) {
        byte[] first = HexFormat.of().parseHex(low);
        Digits.Middle middle =
                Digits.between(digits(first), digits(HexFormat.of().parseHex(high)), RADIX, PRECISION);
        if (middle == null) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(first, 0, middle.shared());
        middle.own().forEach(digit -> bytes.write(digit - 1));
        return Optional.of(HexFormat.of().withUpperCase().formatHex(bytes.toByteArray()));
    }

    private static int[] digits(byte[] bytes) {
        int[] digits = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            digits[i] = (bytes[i] & 0xff) + 1;
        }
        return digits;
    }
}
