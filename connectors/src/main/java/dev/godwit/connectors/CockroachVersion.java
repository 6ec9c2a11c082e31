package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of CockroachDB, as far as its changefeeds differ. */
public record CockroachVersion(int year, int release) implements Comparable<CockroachVersion> {
    private static final Pattern IN_WORDS = Pattern.compile("CockroachDB \\S+ v(\\d+)\\.(\\d+)");

    /** @param words what {@code SELECT version()} says */
    public static CockroachVersion parse(String words) {
        Matcher matcher = IN_WORDS.matcher(words);
        if (!matcher.find()) {
            throw new RefusedException("this is no CockroachDB: " + words, "check the target URL");
        }
        return new CockroachVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    boolean isAtLeast(int otherYear, int otherRelease) {
        return compareTo(new CockroachVersion(otherYear, otherRelease)) >= 0;
    }

    @Override
    public int compareTo(CockroachVersion other) {
        return year != other.year ? Integer.compare(year, other.year) : Integer.compare(release, other.release);
    }

    @Override
    public String toString() {
        return "v" + year + "." + release;
    }
}
