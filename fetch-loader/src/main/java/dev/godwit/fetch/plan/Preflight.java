package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.PinnedSession;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;

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

    /** The very server and database that the load reads: a snapshot does not outlive it. */
    public static String sourceInstance(FetchRequest request) {
        try (Connection source = openSource(request)) {
            return checks(source, request, new Problems(), true).instance().replace('\n', ' ') + "\n";
        } catch (SQLException e) {
            throw new RefusedException(
                    "the source cannot be asked what it is: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    private static Connection openSource(FetchRequest request) throws SQLException {
        return request.source().product() == Product.MYSQL
                ? request.source().open()
                : PinnedSession.open(request.source());
    }

    private static SourceChecks checks(Connection source, FetchRequest request, Problems problems, boolean continued) {
        return request.source().product() == Product.MYSQL
                ? new MysqlChecks(source, request, problems)
                : new PgChecks(source, request, problems, continued);
    }

    private LoadPlan check(FetchListener listener) {
        if (request.tables().isEmpty()) {
            throw new RefusedException(
                    "no table is selected", "check the schema filter and the table filter against the source's tables");
        }
        if (request.source().product() == Product.COCKROACHDB
                || request.target().product() == Product.MYSQL) {
            throw new RefusedException(
                    "a load leads from PostgreSQL or MySQL to CockroachDB or PostgreSQL, not from "
                            + request.source().product() + " to "
                            + request.target().product(),
                    "name other databases");
        }
        try (Connection source = openSource(request);
                Connection target = PinnedSession.open(request.target())) {
            SourceChecks checks = checks(source, request, problems, continued);
            if (checks.instance().equals(PgChecks.instance(target))) {
                throw new RefusedException(
                        "source and target are the same database: "
                                + request.source().url(),
                        "name two different databases");
            }
            checks.checkServer();
            new ServerChecks(request, problems, continued).checkTarget(target);
            LoadPlan plan = new TableChecks(request, problems, continued).check(checks, source, target);
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
}
