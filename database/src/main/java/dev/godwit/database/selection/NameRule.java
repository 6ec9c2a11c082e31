package dev.godwit.database.selection;

import dev.godwit.database.RefusedException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Whether names that differ only in case are one name. */
public enum NameRule {
    EXACT,
    IGNORE_CASE;

    /** @throws RefusedException if the text is no regular expression */
    public Pattern pattern(String option, String regex) {
        try {
            return this == EXACT
                    ? Pattern.compile(regex)
                    : Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new RefusedException(
                    option + " \"" + regex + "\" is no regular expression: " + e.getDescription(),
                    "write for example employees|payments",
                    e);
        }
    }

    /**
     * The one that has this name: exactly, or else, where case does not count, but for case.
     *
     * @throws RefusedException if several have it but for case, and none exactly
     */
    public <T> Optional<T> find(String what, String name, Collection<T> all, Function<T, String> nameOf) {
        Optional<T> exact =
                all.stream().filter(one -> nameOf.apply(one).equals(name)).findFirst();
        if (exact.isPresent() || this == EXACT) {
            return exact;
        }
        List<T> alike =
                all.stream().filter(one -> same(nameOf.apply(one), name)).toList();
        if (alike.size() > 1) {
            throw new RefusedException(
                    what + " may be any of "
                            + String.join(", ", alike.stream().map(nameOf).toList()) + ", which differ only in case",
                    "give --case-sensitive, and every name as it is");
        }
        return alike.stream().findFirst();
    }

    public boolean same(String left, String right) {
        return this == EXACT
                ? left.equals(right)
                : left.toLowerCase(Locale.ROOT).equals(right.toLowerCase(Locale.ROOT));
    }
}
