package dev.godwit.verify;

import dev.godwit.database.Product;
import java.util.List;
import java.util.Optional;

/**
 * Tells of a row that differs whether replication will not mend that. Somebody has to witness that nothing was on its way, and a database that numbers the
 * versions of its rows can.
 *
 * <p><b>By the source's versions.</b> If the source's row is the same version in both readings of a round, then the target, which is at least as new as
 * the first and not newer than the second, must show it.
 *
 * <p><b>By the target's versions</b>, where the source has none (MySQL). If the target's row is the same version in two readings, nothing was applied to it
 * between them. The source was read between the two, and everything that was committed until then had been applied by the time of the second. So it had
 * been applied by the first, and the target must show what the source has shown: replication writes each changed row again, also with the same values.
 *
 * <p>Of a row that the witness does not have, no version can tell whether it came and went between two readings. It must be found so in {@value
 * #ABSENT_ROUNDS} rounds.
 */
abstract class RowWitness {
    static final int ABSENT_ROUNDS = 2;

    private final Judge judge;

    private RowWitness(Judge judge) {
        this.judge = judge;
    }

    /** As {@link RowJudge#difference}. */
    interface Judge {
        Optional<RowDifference> difference(List<String> key, KeyedRow source, KeyedRow target);
    }

    /**
     * What one round has read, each null where there is no such row.
     *
     * @param source before the consistent point had passed
     * @param target afterwards
     * @param sourceNow behind that
     */
    record Round(KeyedRow source, KeyedRow target, KeyedRow sourceNow) {}

    /** What is kept of a row from round to round. */
    static final class History {
        private int absentRounds;
        private boolean targetRead;
        private KeyedRow target;
    }

    static RowWitness of(Product source, Judge judge) {
        return source == Product.MYSQL ? new OfTarget(judge) : new OfSource(judge);
    }

    /** The difference that replication will not mend; empty if that cannot be told yet. */
    final Optional<RowDifference> real(List<String> key, Round round, History history) {
        Optional<RowDifference> difference = judge.difference(key, certain(round), round.target);
        boolean real = difference.isPresent() && isReal(round, history);
        history.targetRead = true;
        history.target = round.target;
        return real ? difference : Optional.empty();
    }

    /** What of the source the target must show. */
    abstract KeyedRow certain(Round round);

    abstract boolean isReal(Round round, History history);

    private static boolean isSameVersion(KeyedRow one, KeyedRow other) {
        return one != null && other != null && one.version().equals(other.version());
    }

    /** Counts on where the condition holds, else begins anew. */
    private static boolean isAbsentAgain(History history, boolean absent) {
        history.absentRounds = absent ? history.absentRounds + 1 : 0;
        return history.absentRounds >= ABSENT_ROUNDS;
    }

    private static final class OfSource extends RowWitness {
        private OfSource(Judge judge) {
            super(judge);
        }

        @Override
        KeyedRow certain(Round round) {
            return round.sourceNow;
        }

        @Override
        boolean isReal(Round round, History history) {
            return isAbsentAgain(history, round.source == null && round.sourceNow == null)
                    || isSameVersion(round.source, round.sourceNow);
        }
    }

    private static final class OfTarget extends RowWitness {
        private OfTarget(Judge judge) {
            super(judge);
        }

        /** Read between the target's last reading and this one. */
        @Override
        KeyedRow certain(Round round) {
            return round.source;
        }

        @Override
        boolean isReal(Round round, History history) {
            boolean absent = history.targetRead && history.target == null && round.target == null;
            return isAbsentAgain(history, absent) || isSameVersion(history.target, round.target);
        }
    }
}
