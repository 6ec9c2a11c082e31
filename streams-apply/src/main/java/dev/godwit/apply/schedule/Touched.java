package dev.godwit.apply.schedule;

import dev.godwit.apply.conflict.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who touched one element last, where that was not by writing it. */
final class Touched {
    private static final int PRUNE_MIN = 16;

    private Access access = Access.WRITE;
    /** Those who touched it last, all in the same way, none in conflict with another of them. */
    private List<Ticket> last = new ArrayList<>(1);
    /** Those before them, whom each of {@code last} waits for. */
    private List<Ticket> before = List.of();

    private int pruneAt = PRUNE_MIN;

    /** @param writer who wrote it before; null if nobody did */
    Touched(Ticket writer) {
        if (writer != null) {
            last.add(writer);
        }
    }

    /** @param way none of writing */
    void add(Ticket ticket, Access way) {
        if (way != access) {
            last.removeIf(Ticket::isApplied);
            before = last;
            last = new ArrayList<>(1);
            access = way;
        } else if (last.size() >= pruneAt) {
            last.removeIf(Ticket::isApplied);
            pruneAt = Math.max(PRUNE_MIN, last.size() * 2);
        }
        before.forEach(ticket::dependOn);
        last.add(ticket);
    }

    /** Those whom the next one that writes it waits for. */
    void all(Consumer<Ticket> each) {
        last.forEach(each);
    }
}
