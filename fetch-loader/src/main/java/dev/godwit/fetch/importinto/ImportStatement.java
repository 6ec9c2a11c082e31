package dev.godwit.fetch.importinto;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * One {@code IMPORT INTO} of files that hold the text of PostgreSQL's {@code COPY TO}.
 *
 * <p>The format is PGCOPY, and none of the other two, because only it keeps every value: CockroachDB's reader of CSV turns a carriage return and line feed within a
 * quoted value into a line feed alone, and its reader of DELIMITED takes {@code \x00ff} for the four letters, not for the bytes.
 *
 * @param columns of the target, in the order of the files' fields
 * @param urls where the cluster reads the files; credentials may be in them, so they are never printed
 * @param gzip whether the files are compressed
 * @param largestRowBytes how long the longest line of all files is
 */
public record ImportStatement(
        TableName table, List<String> columns, List<String> urls, boolean gzip, long largestRowBytes) {
    /** CockroachDB's own limit for a row, unless told otherwise. */
    private static final long DEFAULT_ROW_BYTES = 4L << 20;

    /** The scanner behind it wants room for the line's end, and looks for more before it gives up. */
    private static final long SLACK_BYTES = 1L << 10;

    /** @throws RefusedException if a row is longer than any that {@code IMPORT INTO} takes */
    public ImportStatement {
        columns = List.copyOf(columns);
        urls = List.copyOf(urls);
        if (columns.isEmpty() || urls.isEmpty()) {
            throw new IllegalArgumentException("an import needs columns and files");
        }
        if (largestRowBytes > Integer.MAX_VALUE - SLACK_BYTES) {
            throw new RefusedException(
                    "table " + table + " has a row of " + largestRowBytes
                            + " bytes, which is more than IMPORT INTO takes",
                    "load this table with --use-copy");
        }
    }

    /** Detached: it answers with the number of the job, and may stand in a transaction together with other statements. */
    public String sql(Dialect dialect) {
        StringJoiner options = new StringJoiner(", ");
        options.add("detached");
        // A folder's name may hold an asterisk; our files are all named.
        options.add("disable_glob_matching");
        options.add("decompress = " + literal(gzip ? "gzip" : "none"));
        options.add("nullif = " + literal("\\N"));
        options.add("max_row_size = " + literal(Math.max(DEFAULT_ROW_BYTES, largestRowBytes + SLACK_BYTES) + "B"));
        return "IMPORT INTO " + dialect.quote(table)
                + columns.stream().map(dialect::quote).collect(Collectors.joining(", ", " (", ")"))
                + urls.stream().map(ImportStatement::literal).collect(Collectors.joining(", ", " PGCOPY DATA (", ")"))
                + " WITH " + options;
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Without the URLs. */
    @Override
    public String toString() {
        return "IMPORT INTO " + table + " (" + urls.size() + (urls.size() == 1 ? " file)" : " files)");
    }
}
