package dev.godwit.verify.checksum;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;

/** Columns of a relation {@code t} in one product's SQL. */
public record SqlNames(Dialect dialect) {

    boolean isCockroach() {
        return dialect.product() == Product.COCKROACHDB;
    }

    boolean isMysql() {
        return dialect.product() == Product.MYSQL;
    }

    /** The column itself. */
    public String name(Column column) {
        return "t." + dialect.quote(column.name());
    }

    /** A condition of MySQL's that holds where the column, one of a key, has this value, character by character. */
    public String mysqlEquals(Column column, String text) {
        return MysqlNames.equals(dialect, column, text);
    }

    /** What COPY writes as {@link #text}, without the work of a cast where the type's own output is the same. */
    public String copied(Column column) {
        if (isMysql()) {
            return MysqlNames.selected(dialect, column);
        }
        return switch (column.type().kind()) {
            case BOOLEAN, CHAR, INET, OTHER -> text(column);
            default -> isCockroach() ? text(column) : name(column);
        };
    }

    /** The column's value as text, the same form in which rows are fetched. */
    public String text(Column column) {
        if (isMysql()) {
            return MysqlNames.text(dialect, column);
        }
        if (isCockroach()) {
            return name(column) + "::STRING";
        }
        // A cast of inet to text appends /32; this is the form in which it is put out, and CockroachDB's.
        return column.type().kind() == TypeKind.INET
                ? "pg_catalog.abbrev(" + name(column) + ")"
                : name(column) + "::text";
    }
}
