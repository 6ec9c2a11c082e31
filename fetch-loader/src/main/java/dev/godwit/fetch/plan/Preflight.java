package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Everything that is checked before the first write. */
public final class Preflight {
    private final FetchRequest request;
    private final boolean continued;
    private final Problems problems = new Problems();

    private Preflight(FetchRequest request, boolean continued) {
        this.request = request;
        this.continued = continued;
    }

    /** @throws RefusedException with everything that stands in the way; the listener has heard of all mismatches then */
    public static LoadPlan check(FetchRequest request, FetchListener listener) {
        return check(request, listener, false);
    }

    /** @param continued whether an earlier run has begun the load: slot, publication and rows are there then */
    public static LoadPlan check(FetchRequest request, FetchListener listener, boolean continued) {
        return new Preflight(request, continued).check(listener);
    }

    /** The very server process and database that the load reads: a snapshot does not outlive it. */
    public static String sourceInstance(FetchRequest request) {
        try (Connection source = PinnedSession.open(request.source())) {
            return instance(source).replace('\n', ' ') + "\n";
        } catch (SQLException e) {
            throw new RefusedException(
                    "the source cannot be asked what it is: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    private LoadPlan check(FetchListener listener) {
        if (request.tables().isEmpty()) {
            throw new RefusedException(
                    "no table is selected", "check the schema filter and the table filter against the source's tables");
        }
        if (request.source().product() != Product.POSTGRESQL) {
            throw new RefusedException(
                    "the source is " + request.source().product() + ", which this version cannot load from",
                    "use a PostgreSQL source");
        }
        try (Connection source = PinnedSession.open(request.source());
                Connection target = PinnedSession.open(request.target())) {
            if (instance(source).equals(instance(target))) {
                throw new RefusedException(
                        "source and target are the same database: "
                                + request.source().url(),
                        "name two different databases");
            }
            new ServerChecks(request, problems, continued).check(source, target);
            LoadPlan plan = new TableChecks(request, problems, continued).check(source, target);
            if (request.files()
                    .filter(files -> files.importsInto(request.target()))
                    .isPresent()) {
                WatchingFeeds.check(target, request.target().url().database(), plan.targets(), problems);
            }
            problems.mismatches().forEach(listener::mismatch);
            problems.refuseIfAny();
            return plan;
        } catch (SQLException e) {
            throw new RefusedException(
                    "a check before the load failed: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    /** Something that only one database in the world has, by whatever address it was reached. */
    private static String instance(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT version(), pg_postmaster_start_time(), current_database()")) {
            row.next();
            return row.getString(1) + '\n' + row.getString(2) + '\n' + row.getString(3);
        } catch (SQLException e) {
            if (SqlFailure.isConnectionLost(e)) {
                throw e;
            }
            // CockroachDB has no such function, and is never the source.
            return "no PostgreSQL";
        }
    }
}
