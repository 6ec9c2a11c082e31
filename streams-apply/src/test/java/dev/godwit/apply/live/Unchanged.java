package dev.godwit.apply.live;

import java.util.function.Predicate;

/** True while a number stays what it was at the last look, and above zero. */
final class Unchanged implements Predicate<Long> {
    private long last;

    @Override
    public boolean test(Long now) {
        boolean unchanged = now == last && now > 0;
        last = now;
        return unchanged;
    }
}
