package dev.godwit.fetch.mysql;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.source.CopyRows;
import dev.godwit.fetch.source.SourceReader;
import java.sql.SQLException;

/** Reads by queries on the snapshot. */
record MysqlReader(SnapshotAccess access, Dialect dialect) implements SourceReader {

    @Override
    public CopyRows rows(TablePlan table, String range) throws SQLException {
        return access.rows(RowQuery.of(table, dialect, range));
    }

    @Override
    public long count(TablePlan table) throws SQLException {
        return Long.parseLong(
                access.first("SELECT count(*) FROM " + table.rows(dialect)).get(0));
    }
}
