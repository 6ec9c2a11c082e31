package dev.godwit.database.catalog;

import dev.godwit.database.RefusedException;

/** The name of a table as the catalog has it: exact case, no quotes. */
public record TableName(String schema, String name) implements Comparable<TableName> {

    /**
     * Takes {@code schema.table}. A name with a dot in it cannot be written this way.
     *
     * @throws RefusedException if the text has another form
     */
    public static TableName parse(String text) {
        int dot = text.indexOf('.');
        if (dot <= 0 || dot == text.length() - 1 || text.indexOf('.', dot + 1) >= 0) {
            throw new RefusedException("\"" + text + "\" is not a table name", "write it as schema.table");
        }
        return new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /** That of a record would be put together at run time; this is asked for with every change of a row. */
    @Override
    public int hashCode() {
        return 31 * schema.hashCode() + name.hashCode();
    }

    @Override
    public int compareTo(TableName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
