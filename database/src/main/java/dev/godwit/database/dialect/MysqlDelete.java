package dev.godwit.database.dialect;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.filter.RowFilter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Deletes by primary key; where that has a text, row by row, so that exactly the named row goes. */
final class MysqlDelete implements RowWrite {
    private final MysqlKeys keys;
    private final String delete;
    private final String slice;

    MysqlDelete(MysqlDialect dialect, Table table, Optional<RowFilter> slice) {
        this.keys = new MysqlKeys(dialect, table);
        this.delete = "DELETE FROM " + dialect.quote(table.name()) + " WHERE ";
        this.slice = slice.map(filter -> " AND (" + filter.sql(dialect) + ")").orElse("");
    }

    @Override
    public int execute(Connection connection, List<String[]> rows) throws SQLException {
        List<Object[]> values = MysqlRows.values(keys.columns(), rows);
        if (!keys.hasText()) {
            return MysqlRows.run(
                    connection,
                    count -> delete + keys.condition(count) + slice,
                    values,
                    PreparedStatement::executeUpdate);
        }
        int hit = 0;
        try (PreparedStatement statement = connection.prepareStatement(delete + keys.exactly() + slice)) {
            for (Object[] row : values) {
                List<Object> parameters = keys.exactParameters(row);
                for (int i = 0; i < parameters.size(); i++) {
                    MysqlValues.set(statement, i + 1, parameters.get(i));
                }
                hit += statement.executeUpdate();
            }
        }
        return hit;
    }

    @Override
    public String toString() {
        return delete + keys.condition(1) + slice;
    }
}
