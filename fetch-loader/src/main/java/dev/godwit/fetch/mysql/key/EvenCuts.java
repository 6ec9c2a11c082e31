package dev.godwit.fetch.mysql.key;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds keys that divide a table into pieces of about as many rows each. The table is halved, and halved again, until it is in pieces that are a good deal smaller than those
 * wanted, which are then put together. How many rows a piece has, InnoDB tells by a look at both ends of it in the index: exactly if there are few pages between them, else within a factor of about two,
 * and in the same way for pieces of about the same size. So no rows are read but those at which pieces begin and end.
 */
final class EvenCuts {
    /** A piece is divided where a quarter of its rows at least is on either side. */
    private static final double SHARE_MIN = 0.25;
    /** Then the keys are so uneven that a worse place is taken. */
    private static final int STEPS_MAX = 150;
    /** Guesses that were not in the order of the collation. */
    private static final int MISSED_MAX = 10;
    /** Of EXPLAIN. */
    private static final int ROWS_COLUMN = 9;

    private static final int LEAVES_PER_PIECE_MAX = 64;

    private final CutKey key;
    private final String slice;
    private final FirstRow server;
    private int missed;

    /** @param slice a condition; empty for all rows */
    EvenCuts(CutKey key, String slice, FirstRow server) {
        this.key = key;
        this.slice = slice;
        this.server = server;
    }

    /**
     * @param first the first key that is really there
     * @param last the last one
     * @param from where it begins; null for the beginning of the table
     * @param to where the next one begins; null if there is none
     */
    private record Leaf(List<String> first, List<String> last, List<String> from, List<String> to, long rows) {}

    private record Division(List<String> key, long left, long right) {
        double share() {
            return (double) left / Math.max(1, left + right);
        }

        double badness() {
            return Math.abs(share() - 0.5);
        }
    }

    /**
     * Keys at which the pieces begin, but for the first one; strictly in order, perhaps fewer than wanted.
     *
     * @param leafRows what is guessed to have no more rows is not divided further
     */
    List<List<String>> find(int pieces, long leafRows) throws SQLException {
        List<String> first = server.of(key.end(false));
        if (first.isEmpty()) {
            return List.of();
        }
        List<Leaf> leaves = new ArrayList<>();
        Deque<Leaf> open = new ArrayDeque<>();
        open.push(new Leaf(first, server.of(key.end(true)), null, null, Long.MAX_VALUE));
        long leavesMax = (long) pieces * LEAVES_PER_PIECE_MAX;
        while (!open.isEmpty()) {
            Leaf leaf = open.pop();
            Division division =
                    leaf.rows() <= leafRows || leaves.size() + open.size() >= leavesMax ? null : divide(leaf);
            if (division == null) {
                leaves.add(leaf);
                continue;
            }
            List<String> middle = division.key();
            open.push(new Leaf(middle, leaf.last(), middle, leaf.to(), division.right()));
            open.push(new Leaf(leaf.first(), server.of(key.before(middle)), leaf.from(), middle, division.left()));
        }
        return together(leaves, pieces);
    }

    /** Null if all keys of it are one as far as the table is cut by them, or nothing is known between them. */
    private Division divide(Leaf leaf) throws SQLException {
        List<String> low = leaf.first();
        List<String> high = leaf.last();
        Division best = null;
        missed = 0;
        for (int step = 0; step < STEPS_MAX && missed < MISSED_MAX && !low.equals(high); step++) {
            List<String> middle = middle(low, high);
            if (middle.isEmpty()) {
                break;
            }
            Division division = new Division(middle, guess(leaf.from(), middle), guess(middle, leaf.to()));
            if (best == null || division.badness() < best.badness()) {
                best = division;
            }
            if (division.share() < SHARE_MIN) {
                low = middle;
            } else if (division.share() > 1 - SHARE_MIN) {
                high = server.of(key.before(middle));
            } else {
                break;
            }
        }
        return best;
    }

    /** A key that is really there, above the lower one and not above the upper one; empty if none is known. */
    private List<String> middle(List<String> low, List<String> high) throws SQLException {
        List<String> wanted = key.between(low, high);
        if (wanted.isEmpty()) {
            return wanted;
        }
        int columns = key.parts().size();
        List<String> found = server.of(key.firstFrom(wanted, low, high));
        boolean above = !found.isEmpty() && found.get(columns).equals("1");
        boolean within = !found.isEmpty() && found.get(columns + 1).equals("1");
        if (above && within) {
            return found.subList(0, columns);
        }
        missed++;
        // The guess was not in the order of the collation: any key between will do, if there is one.
        List<String> next = server.of(key.next(low, high));
        if (next.isEmpty() || next.get(columns).equals("0")) {
            return List.of();
        }
        return within ? next.subList(0, columns) : high;
    }

    private long guess(List<String> from, List<String> to) throws SQLException {
        String rows = server.of(key.guess(from, to, slice)).get(ROWS_COLUMN);
        return rows == null ? 0 : Long.parseLong(rows); // there can be none
    }

    private static List<List<String>> together(List<Leaf> leaves, int pieces) {
        double all = 0;
        for (Leaf leaf : leaves) {
            all += leaf.rows();
        }
        List<List<String>> cuts = new ArrayList<>();
        double before = 0;
        long piece = 1;
        for (Leaf leaf : leaves) {
            if (leaf.from() != null && piece < pieces && before + leaf.rows() / 2.0 > piece * all / pieces) {
                cuts.add(leaf.from());
                piece = Math.max(piece + 1, (long) Math.ceil(before * pieces / all + 0.5));
            }
            before += leaf.rows();
        }
        return cuts;
    }
}
