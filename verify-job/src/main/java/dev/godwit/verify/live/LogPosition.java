package dev.godwit.verify.live;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A place in the log of a replication source, as the ledger writes it: an LSN of PostgreSQL, a timestamp of CockroachDB, or a place in the binary
 * log of a MySQL. Positions of one kind are ordered. Immutable.
 */
public record LogPosition(Kind kind, BigDecimal value, String text) implements Comparable<LogPosition> {

    /** Which database's log. */
    public enum Kind {
        LSN("an LSN of PostgreSQL"),
        BINLOG("a place in the binary log of a MySQL"),
        HYBRID_TIMESTAMP("a timestamp of CockroachDB");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** @throws IllegalArgumentException if the text is no position */
    public static LogPosition parse(String text) {
        int slash = text.indexOf('/');
        int colon = text.lastIndexOf(':');
        try {
            if (colon >= 0) {
                BigInteger file = new BigInteger(text.substring(text.lastIndexOf('.', colon) + 1, colon));
                BigInteger offset = new BigInteger(text.substring(colon + 1));
                return new LogPosition(
                        Kind.BINLOG, new BigDecimal(file.shiftLeft(Long.SIZE).add(offset)), text);
            }
            if (slash < 0) {
                // The logical part has always ten digits, so a decimal fraction orders it rightly.
                return new LogPosition(Kind.HYBRID_TIMESTAMP, new BigDecimal(text), text);
            }
            BigInteger high = new BigInteger(text.substring(0, slash), 16);
            BigInteger low = new BigInteger(text.substring(slash + 1), 16);
            return new LogPosition(
                    Kind.LSN, new BigDecimal(high.shiftLeft(Integer.SIZE).add(low)), text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no position in a log", e);
        }
    }

    /** @throws IllegalArgumentException if the two are of different kinds */
    @Override
    public int compareTo(LogPosition other) {
        if (kind != other.kind) {
            throw new IllegalArgumentException(this + " is " + kind + " but " + other + " is " + other.kind);
        }
        if (kind == Kind.BINLOG && !log().equals(other.log())) {
            throw new IllegalArgumentException(
                    this + " and " + other + " are of different logs: the source has become another server");
        }
        return value.compareTo(other.value);
    }

    /** How the files of a binary log are called, without their number. */
    private String log() {
        return text.substring(0, text.lastIndexOf('.'));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogPosition that && kind == that.kind && value.compareTo(that.value) == 0;
    }

    @Override
    public int hashCode() {
        return value.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
