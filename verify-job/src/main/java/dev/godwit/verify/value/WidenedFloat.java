package dev.godwit.verify.value;

/**
 * A float that is compared across widths. The float4 nearest to 0.1 arrives in a float8 column either as 0.1, if it travelled as
 * text, or as 0.10000000149011612, if it travelled in binary; both are it, nothing else is.
 */
final class WidenedFloat {
    private final Double decimal;
    private final Double binary;

    WidenedFloat(double decimal, double binary) {
        this.decimal = decimal;
        this.binary = binary;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WidenedFloat that && (decimal.equals(that.decimal) || binary.equals(that.binary));
    }

    @Override
    public int hashCode() {
        // Equal objects may share only one of their two values, and both of those round to the same float4.
        return Float.hashCode(decimal.floatValue());
    }

    @Override
    public String toString() {
        return decimal.toString();
    }
}
