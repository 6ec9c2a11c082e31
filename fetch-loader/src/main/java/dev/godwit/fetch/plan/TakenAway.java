package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.session.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a load drops before it begins, in words. */
public final class TakenAway {
    private TakenAway() {}

    public static List<String> by(FetchRequest request) {
        List<String> sentences = new ArrayList<>();
        try {
            if (request.source().product() != Product.MYSQL
                    && request.checkpoint().isTaken()
                    && request.checkpoint().dropAndRecreate()) {
                try (Connection source = request.source().open()) {
                    slot(request, source, sentences);
                    publication(request, source, sentences);
                }
            }
            if (request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE) {
                try (Connection target = request.target().open()) {
                    tables(request, target, sentences);
                }
            }
        } catch (SQLException e) {
            throw new RefusedException(
                    "a check before the load failed: " + SqlFailure.describe(e),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
        return sentences;
    }

    private static void slot(FetchRequest request, Connection source, List<String> sentences) throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(
                "SELECT pg_size_pretty(pg_current_wal_lsn() - confirmed_flush_lsn) AS kept, database"
                        + " FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, request.slotName());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    sentences.add(
                            "replication slot \"" + request.slotName() + "\" of the source will be dropped: whatever"
                                    + " replicates from it loses its place, and " + row.getString("kept")
                                    + " of changes that it has not read");
                }
            }
        }
    }

    private static void publication(FetchRequest request, Connection source, List<String> sentences)
            throws SQLException {
        try (PreparedStatement statement = source.prepareStatement(
                "SELECT (SELECT count(*) FROM pg_publication_tables t WHERE t.pubname = p.pubname)"
                        + " FROM pg_publication p WHERE p.pubname = ?")) {
            statement.setString(1, request.publicationName());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    sentences.add("publication \"" + request.publicationName() + "\" of the source, with "
                            + row.getInt(1) + " tables, will be dropped");
                }
            }
        }
    }

    private static void tables(FetchRequest request, Connection target, List<String> sentences) throws SQLException {
        Dialect dialect = request.target().dialect();
        Catalog catalog = dialect.readCatalog(target);
        for (TableName table : request.tables().stream()
                .map(mapped -> mapped.target())
                .distinct()
                .filter(name -> catalog.table(name).isPresent())
                .toList()) {
            try (Statement statement = target.createStatement();
                    ResultSet row =
                            statement.executeQuery("SELECT EXISTS (SELECT 1 FROM " + dialect.quote(table) + ")")) {
                row.next();
                sentences.add("table " + table + " of the target will be dropped"
                        + (row.getBoolean(1) ? ", with the rows that it holds" : "; it is empty")
                        + ", and its indexes and constraints with it");
            }
        }
    }
}
