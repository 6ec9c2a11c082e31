package dev.godwit.apply.change;

import java.util.Arrays;
import java.util.List;

/** The primary key of a row: its values in key order, as text. */
public final class Key {
    private final String[] values;
    private final int hash;

    public Key(String... values) {
        this.values = values.clone();
        this.hash = Arrays.hashCode(values);
    }

    public List<String> values() {
        return List.of(values);
    }

    public String value(int place) {
        return values[place];
    }

    public String[] toArray() {
        return values.clone();
    }

    long bytes() {
        long bytes = 40;
        for (String value : values) {
            bytes += Row.VALUE_BYTES + value.length();
        }
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && hash == that.hash && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "(" + String.join(", ", values) + ")";
    }
}
