package dev.godwit.fetch.plan;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.Mismatch;
import java.util.ArrayList;
import java.util.List;

/** Collects what stands in the way of a load, so that the user hears of everything at once. */
public final class Problems {
    private record Problem(String message, String remedy) {}

    private final List<Problem> problems = new ArrayList<>();
    private final List<Mismatch> mismatches = new ArrayList<>();

    public void add(String message, String remedy) {
        problems.add(new Problem(message, remedy));
    }

    /** Something that is worth knowing, and a problem too if it stops the load. */
    public void add(Mismatch mismatch) {
        mismatches.add(mismatch);
        if (mismatch.stops()) {
            add(mismatch.message(), mismatch.remedy());
        }
    }

    /** In the order in which they were found. */
    List<Mismatch> mismatches() {
        return List.copyOf(mismatches);
    }

    /** @throws RefusedException if there is any problem */
    public void refuseIfAny() {
        if (problems.isEmpty()) {
            return;
        }
        if (problems.size() == 1) {
            throw new RefusedException(
                    problems.get(0).message(), problems.get(0).remedy());
        }
        StringBuilder text =
                new StringBuilder().append(problems.size()).append(" problems stand in the way of this load:");
        for (Problem problem : problems) {
            text.append("\n- ")
                    .append(problem.message())
                    .append("\n    remedy: ")
                    .append(problem.remedy());
        }
        throw new RefusedException(text.toString(), "mend them all and run it again; nothing was written");
    }
}
