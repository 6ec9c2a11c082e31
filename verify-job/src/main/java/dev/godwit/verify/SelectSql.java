package dev.godwit.verify;

import dev.godwit.database.Product;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.type.TypeKind;
import java.util.List;
import java.util.stream.Collectors;

/** Renders the query that delivers the rows of a relation in the order of {@link dev.godwit.verify.value.KeyOrder}, every value as text. */
final class SelectSql {
    private final Dialect dialect;

    SelectSql(Dialect dialect) {
        this.dialect = dialect;
    }

    /** @param where with the word WHERE; empty for all rows */
    String select(String relation, String where, List<Column> columns, List<Column> key) {
        return "SELECT " + texts(columns)
                + " FROM " + relation + " AS t" + where
                + " ORDER BY " + key.stream().map(this::ordered).collect(Collectors.joining(", "));
    }

    /** The columns of a relation {@code t} as texts, separated by commas. */
    String texts(List<Column> columns) {
        return columns.stream().map(this::asText).collect(Collectors.joining(", "));
    }

    private String asText(Column column) {
        if (dialect.product() == Product.COCKROACHDB) {
            return name(column) + "::STRING";
        }
        // A cast of inet to text appends /32; this is the form in which it is put out, and CockroachDB's.
        return column.type().kind() == TypeKind.INET
                ? "pg_catalog.abbrev(" + name(column) + ")"
                : name(column) + "::text";
    }

    private String ordered(Column column) {
        TypeKind kind = column.type().kind();
        boolean byText = kind == TypeKind.ENUM || kind == TypeKind.INET;
        if (dialect.product() == Product.COCKROACHDB) {
            // Its texts are ordered by their bytes.
            return byText ? asText(column) : name(column);
        }
        if (byText) {
            return asText(column) + " COLLATE pg_catalog.\"C\"";
        }
        // No cast: an index with this collation may then serve the order.
        return kind == TypeKind.TEXT || kind == TypeKind.CHAR
                ? name(column) + " COLLATE pg_catalog.\"C\""
                : name(column);
    }

    /** Behind ORDER BY a bare name means the column that is put out, which is text; so each name goes with the table. */
    private String name(Column column) {
        return "t." + dialect.quote(column.name());
    }
}
