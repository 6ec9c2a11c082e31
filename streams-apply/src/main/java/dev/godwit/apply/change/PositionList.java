package dev.godwit.apply.change;

import java.util.ArrayList;
import java.util.List;

/**
 * A short text for many positions of one log: the first as it is, each further one by its distance from the one before
 * it.
 */
public final class PositionList {
    private static final int HEX = 16;

    private PositionList() {}

    /** @param positions at least one, rising */
    public static String format(List<Position> positions) {
        StringBuilder out = new StringBuilder(positions.get(0).toString());
        for (int i = 1; i < positions.size(); i++) {
            out.append(' ').append(distance(positions.get(i - 1), positions.get(i)));
        }
        return out.toString();
    }

    /** @throws IllegalArgumentException if the text is no list of positions */
    public static List<Position> parse(String text) {
        String[] parts = text.split(" ", -1);
        List<Position> positions = new ArrayList<>(parts.length);
        Position last = Position.parse(parts[0]);
        positions.add(last);
        for (int i = 1; i < parts.length; i++) {
            last = behind(last, parts[i]);
            positions.add(last);
        }
        return positions;
    }

    private static String distance(Position from, Position to) {
        if (from instanceof Lsn left && to instanceof Lsn right) {
            return Long.toString(right.value() - left.value(), HEX);
        }
        if (from instanceof BinlogPosition left && to instanceof BinlogPosition right) {
            boolean sameFile = left.log().equals(right.log()) && left.file() == right.file();
            return sameFile ? Long.toString(right.offset() - left.offset(), HEX) : right.toString();
        }
        HybridTimestamp left = (HybridTimestamp) from;
        HybridTimestamp right = (HybridTimestamp) to;
        return right.nanos() - left.nanos() + (right.logical() == 0 ? "" : "." + right.logical());
    }

    private static Position behind(Position from, String distance) {
        if (from instanceof Lsn lsn) {
            return new Lsn(lsn.value() + Long.parseLong(distance, HEX));
        }
        if (from instanceof BinlogPosition place) {
            return distance.indexOf(':') >= 0
                    ? BinlogPosition.parse(distance)
                    : new BinlogPosition(place.log(), place.file(), place.offset() + Long.parseLong(distance, HEX));
        }
        long nanos = ((HybridTimestamp) from).nanos();
        int dot = distance.indexOf('.');
        return dot < 0
                ? new HybridTimestamp(nanos + Long.parseLong(distance), 0)
                : new HybridTimestamp(
                        nanos + Long.parseLong(distance.substring(0, dot)),
                        Integer.parseInt(distance.substring(dot + 1)));
    }
}
