package dev.godwit.verify.value;

/** Floats as PostgreSQL ({@code Infinity}) and CockroachDB ({@code +Inf}) write them. */
final class FloatText {
    private FloatText() {}

    /** {@code Double.equals} compares bits with one NaN, which is what we want: -0 is not 0. */
    static Double float8(String text) {
        return Double.valueOf(standard(text));
    }

    static Float float4(String text) {
        return Float.valueOf(standard(text));
    }

    /** A float4 that will be compared with a float8. */
    static WidenedFloat narrow(String text) {
        String standard = standard(text);
        return new WidenedFloat(Double.parseDouble(standard), Float.parseFloat(standard));
    }

    /** A float8 that will be compared with a float4. */
    static WidenedFloat wide(String text) {
        double value = Double.parseDouble(standard(text));
        return new WidenedFloat(value, value);
    }

    private static String standard(String text) {
        return switch (text) {
            case "+Inf", "Inf" -> "Infinity";
            case "-Inf" -> "-Infinity";
            default -> text;
        };
    }
}
