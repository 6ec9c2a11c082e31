package dev.godwit.apply.change;

/**
 * A place in the binary log of a MySQL server: {@code mysql-bin.000003:12345}. Transactions of one server are ordered by it as they were
 * committed, which their GTIDs are not.
 *
 * @param log the name of the files without their number
 * @param file their number
 * @param offset in bytes
 */
public record BinlogPosition(String log, long file, long offset) implements Position {

    public static BinlogPosition parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no place in a binary log");
        }
        return of(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }

    /** @param file with its number: {@code mysql-bin.000003} */
    public static BinlogPosition of(String file, long offset) {
        int dot = file.lastIndexOf('.');
        if (dot < 1 || offset < 0) {
            throw new IllegalArgumentException("\"" + file + "\" is no file of a binary log");
        }
        return new BinlogPosition(file.substring(0, dot), Long.parseLong(file.substring(dot + 1)), offset);
    }

    /** @throws IllegalArgumentException if the two are of logs with different names, and so of different servers */
    @Override
    public int compareTo(Position other) {
        BinlogPosition that = (BinlogPosition) other;
        if (!log.equals(that.log)) {
            throw new IllegalArgumentException("positions " + this + " and " + that
                    + " are of different logs: the source has become another server. Load the phase again");
        }
        int byFile = Long.compare(file, that.file);
        return byFile != 0 ? byFile : Long.compare(offset, that.offset);
    }

    @Override
    public String toString() {
        String number = Long.toString(file);
        return log + "." + "0".repeat(Math.max(0, 6 - number.length())) + number + ":" + offset;
    }
}
