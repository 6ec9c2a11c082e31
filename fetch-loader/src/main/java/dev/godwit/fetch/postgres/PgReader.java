package dev.godwit.fetch.postgres;

import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.plan.TablePlan;
import dev.godwit.fetch.snapshot.SnapshotReader;
import dev.godwit.fetch.source.CopyRows;
import dev.godwit.fetch.source.SourceReader;
import java.sql.SQLException;

/** Reads by {@code COPY} on one connection of the snapshot. */
record PgReader(Dialect dialect, SnapshotReader snapshot) implements SourceReader {

    @Override
    public CopyRows rows(TablePlan table, String range) throws SQLException {
        return new PgCopyRows(snapshot.connection(), table.exportSql(dialect, range));
    }

    @Override
    public long count(TablePlan table) throws SQLException {
        return snapshot.number("SELECT count(*) FROM " + table.rows(dialect));
    }
}
