package dev.godwit.verify;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.verify.checksum.SqlNames;
import java.util.List;
import java.util.stream.Collectors;

/** Renders what is put out of a relation {@code t}. */
final class SelectSql {
    private final SqlNames names;

    SelectSql(Dialect dialect) {
        this.names = new SqlNames(dialect);
    }

    /** The columns as texts, separated by commas. */
    String texts(List<Column> columns) {
        return columns.stream().map(names::text).collect(Collectors.joining(", "));
    }
}
