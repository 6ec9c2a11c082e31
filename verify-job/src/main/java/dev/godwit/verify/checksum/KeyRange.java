package dev.godwit.verify.checksum;

import java.util.List;

/**
 * The keys from one to another. A key here is the text of its first columns, as many as split keys have.
 *
 * @param from the first key of the range; empty if it has no lower end
 * @param to the first key behind the range; empty if it has no upper end
 */
public record KeyRange(List<String> from, List<String> to) {
    /** All keys. */
    public static final KeyRange ALL = new KeyRange(List.of(), List.of());

    public KeyRange {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** The part of this range with that number, if it is cut at the given keys. */
    public KeyRange part(List<List<String>> cuts, int number) {
        return parts(cuts, number, number);
    }

    /** The parts with the numbers {@code first} to {@code last} together. */
    public KeyRange parts(List<List<String>> cuts, int first, int last) {
        return new KeyRange(first == 0 ? from : cuts.get(first - 1), last == cuts.size() ? to : cuts.get(last));
    }
}
