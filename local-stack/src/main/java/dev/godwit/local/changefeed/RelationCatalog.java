package dev.godwit.local.changefeed;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.changefeed.LogMessage.RelationColumn;
import dev.godwit.local.changefeed.ValueFormat.FeedType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The watched tables as the log tells them. The log has names and type numbers; what is behind the numbers, and the primary key, comes from
 * the catalog: by number, so that an altered table is read with the types that it had at that place of the log.
 */
final class RelationCatalog {
    private final Database database;
    private final String topicPrefix;
    private final Map<Integer, FeedTable> tables = new HashMap<>();
    private final Map<Integer, FeedType> types = new HashMap<>();

    RelationCatalog(Database database, String topicPrefix) {
        this.database = database;
        this.topicPrefix = topicPrefix;
    }

    FeedTable table(int relationId) {
        FeedTable table = tables.get(relationId);
        if (table == null) {
            throw new FeedFailedException("pgoutput sent a row of relation " + relationId + " before its description");
        }
        return table;
    }

    void learn(LogMessage.Relation relation) throws SQLException {
        TableName name = new TableName(relation.schema(), relation.table());
        try (Connection connection = database.open()) {
            List<FeedType> columnTypes = new ArrayList<>();
            for (RelationColumn column : relation.columns()) {
                columnTypes.add(type(connection, column.typeId()));
            }
            tables.put(
                    relation.relationId(),
                    new FeedTable(
                            name,
                            ChangefeedTopics.topic(topicPrefix, database.url().database(), name),
                            relation.columns().stream()
                                    .map(RelationColumn::name)
                                    .toList(),
                            columnTypes,
                            primaryKey(connection, relation.relationId())));
        }
    }

    private FeedType type(Connection connection, int typeId) throws SQLException {
        FeedType known = types.get(typeId);
        if (known != null) {
            return known;
        }
        String sql = "SELECT typname, typtype::text, typbasetype::bigint, typcategory::text, typelem::bigint"
                + " FROM pg_type WHERE oid = ?::bigint::oid";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(typeId));
            try (ResultSet row = statement.executeQuery()) {
                FeedType found;
                if (!row.next()) {
                    found = new FeedType(ValueFormat.TEXT, false); // dropped since
                } else if (row.getString(2).equals("d")) {
                    found = type(connection, (int) row.getLong(3));
                } else if (row.getString(4).equals("A") && row.getLong(5) != 0) {
                    found = new FeedType(type(connection, (int) row.getLong(5)).format(), true);
                } else {
                    found = new FeedType(ValueFormat.of(row.getString(1)), false);
                }
                types.put(typeId, found);
                return found;
            }
        }
    }

    /** In key order. The log does not tell it: with REPLICA IDENTITY FULL every column counts as key. */
    private static List<String> primaryKey(Connection connection, int relationId) throws SQLException {
        String sql = "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                + " AND a.attnum = ANY (i.indkey::int2[]) WHERE i.indisprimary AND i.indrelid = ?::bigint::oid"
                + " AND array_position(i.indkey::int2[], a.attnum) < i.indnkeyatts"
                + " ORDER BY array_position(i.indkey::int2[], a.attnum)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, Integer.toUnsignedLong(relationId));
            try (ResultSet row = statement.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (row.next()) {
                    names.add(row.getString(1));
                }
                return names;
            }
        }
    }
}
