package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.Column;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.verify.value.KeyOrder;
import java.util.List;
import java.util.function.Function;

/**
 * How the rows of one table are read on both sides and put against each other.
 *
 * @param key positions in {@code columns} of the primary key, in key order
 * @param keyOrder one per element of {@code key}
 * @param columnMismatch how many columns are left out because they cannot be compared
 */
record TablePlan(
        TableSlice slice,
        List<ComparedColumn> columns,
        List<Integer> key,
        List<KeyOrder> keyOrder,
        int columnMismatch) {

    String sourceSql(Database source) {
        return sql(source, ComparedColumn::source);
    }

    String targetSql(Database target) {
        return sql(target, ComparedColumn::target);
    }

    private String sql(Database database, Function<ComparedColumn, Column> side) {
        return new SelectSql(database.dialect())
                .select(
                        slice,
                        columns.stream().map(side).toList(),
                        key.stream().map(columns::get).map(side).toList());
    }
}
