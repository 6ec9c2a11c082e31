package dev.godwit.verify;

import java.util.List;

/** A primary key whose parts compare in the order of the columns. */
final class RowKey implements Comparable<RowKey> {
    private final List<Comparable<?>> parts;

    RowKey(List<Comparable<?>> parts) {
        this.parts = parts;
    }

    @Override
    public int compareTo(RowKey other) {
        for (int i = 0; i < parts.size(); i++) {
            int byPart = compare(parts.get(i), other.parts.get(i));
            if (byPart != 0) {
                return byPart;
            }
        }
        return 0;
    }

    @SuppressWarnings("unchecked") // parts of one position come from one KeyOrder
    private static <T extends Comparable<T>> int compare(Comparable<?> left, Comparable<?> right) {
        return ((T) left).compareTo((T) right);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey key && parts.equals(key.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }
}
