package dev.godwit.fetch.load;

import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.TableOptions;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.session.SqlFailure;
import dev.godwit.fetch.source.LoadSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Brings the sequences of the target to where those of the source stand when all rows are there, or tells how to. */
final class SequenceTransfer {
    private final FetchRequest request;
    private final LoadSource source;
    private final FetchListener listener;

    SequenceTransfer(FetchRequest request, FetchListener listener, LoadSource source) {
        this.source = source;
        this.request = request;
        this.listener = listener;
    }

    void run(LoadPlan plan) throws SQLException {
        TableOptions.Sequences wanted = request.tableOptions().sequences();
        if (wanted == TableOptions.Sequences.NONE) {
            return;
        }
        List<String> statements = source.sequences(plan);
        if (wanted == TableOptions.Sequences.PRINT) {
            statements.forEach(sql -> listener.informed("sequence: " + sql));
            return;
        }
        try (Connection target = request.target().open()) {
            statements.forEach(sql -> set(target, sql));
        }
    }

    /** The rows are all there: a sequence that the target has not, or calls otherwise, is no reason to give them up. */
    private void set(Connection target, String sql) {
        try (Statement statement = target.createStatement()) {
            if (statement.execute(sql) && isNothing(statement)) {
                listener.warned(
                        "a sequence could not be set, since the column takes its values from none; see yourself: "
                                + sql);
                return;
            }
            listener.informed("sequence set: " + sql);
        } catch (SQLException e) {
            listener.warned("a sequence could not be set: " + SqlFailure.describe(e) + "; run it yourself: " + sql);
        }
    }

    /** Without a sequence there is nothing whose value is set, and no error. */
    private static boolean isNothing(Statement statement) throws SQLException {
        try (ResultSet row = statement.getResultSet()) {
            return row.next() && row.getObject(1) == null;
        }
    }
}
