package dev.godwit.verify;

import dev.godwit.verify.checksum.KeyRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Into which ranges a table is cut for the start. Whatever the cuts are, each key lies in exactly one range: the first has no lower end, the
 * last no upper one, and each begins where the one before it ends.
 *
 * @param cuts keys in order
 * @param ranges which of the cuts divide ranges, by position; those between them cut ranges into parts
 * @param rowBytes about how large a row is; 0 if that is not known
 */
record TableCutting(List<List<String>> cuts, List<Integer> ranges, int rowBytes) {
    static final TableCutting NONE = new TableCutting(List.of(), List.of(), 0);

    TableCutting {
        cuts = List.copyOf(cuts);
        ranges = List.copyOf(ranges);
    }

    /** A range, and the cuts within it. */
    record Part(KeyRange range, List<List<String>> cuts) {}

    List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= ranges.size(); i++) {
            int to = i < ranges.size() ? ranges.get(i) : cuts.size();
            KeyRange range =
                    new KeyRange(from < 0 ? List.of() : cuts.get(from), to == cuts.size() ? List.of() : cuts.get(to));
            parts.add(new Part(range, cuts.subList(from + 1, to)));
            from = to;
        }
        return parts;
    }

    /** About equal ranges. */
    static TableCutting evenly(List<List<String>> cuts, int ranges) {
        List<Integer> between = new ArrayList<>();
        for (int i = 1; i < ranges; i++) {
            int position = (int) ((long) i * (cuts.size() + 1) / ranges) - 1;
            if (position >= 0 && (between.isEmpty() || between.get(between.size() - 1) < position)) {
                between.add(position);
            }
        }
        return new TableCutting(cuts, between, 0);
    }

    TableCutting withRowBytes(int bytes) {
        return new TableCutting(cuts, ranges, bytes);
    }
}
