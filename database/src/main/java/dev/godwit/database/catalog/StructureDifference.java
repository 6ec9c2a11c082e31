package dev.godwit.database.catalog;

/**
 * One way in which a table of the target does not fit its table of the source.
 *
 * @param column null where the difference is about the table
 * @param message what differs, in words, naming both sides
 */
public record StructureDifference(TableName table, String column, String message) {
    @Override
    public String toString() {
        return table + (column == null ? "" : "." + column) + ": " + message;
    }
}
