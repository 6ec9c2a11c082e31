package dev.godwit.database.mysql;

import dev.godwit.database.RefusedException;
import java.util.List;

/**
 * Something that stands in the way.
 *
 * @param remedy what to do, as a statement where there is one
 */
public record MysqlProblem(String message, String remedy) {

    /** @throws RefusedException with all of them, if there is any */
    public static void refuseIfAny(List<MysqlProblem> problems) {
        if (problems.size() == 1) {
            throw new RefusedException(
                    problems.get(0).message(), problems.get(0).remedy());
        }
        if (!problems.isEmpty()) {
            StringBuilder text = new StringBuilder().append(problems.size()).append(" problems stand in the way:");
            problems.forEach(problem -> text.append("\n- ")
                    .append(problem.message())
                    .append("\n    remedy: ")
                    .append(problem.remedy()));
            throw new RefusedException(text.toString(), "mend them all and run it again; nothing was written");
        }
    }
}
