package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How CockroachDB's Kafka sink names the topic of a table whose name needs quotes in SQL ({@code Orders}, {@code order}). With {@code full_table_name} the quotes were
 * part of the topic's name before v25.4 (cockroach#148181), and still are where {@code feature.changefeed.bare_table_names} is off. Such messages would go where nobody looks for them.
 */
final class SinkTopicNames {
    private static final Logger log = LoggerFactory.getLogger(SinkTopicNames.class);
    private static final String SETTING = "SHOW CLUSTER SETTING feature.changefeed.bare_table_names";

    private SinkTopicNames() {}

    /** The first name whose quotes would stand in a topic; empty if all topics are called as the tables are. */
    static Optional<String> quoted(
            Database target, CockroachVersion version, String database, Collection<TableName> tables) {
        Set<String> names = new TreeSet<>(Set.of(database));
        tables.forEach(table -> {
            names.add(table.schema());
            names.add(table.name());
        });
        try (Connection connection = target.open()) {
            return version.isAtLeast(25, 4) && isBare(connection) ? Optional.empty() : quoted(connection, names);
        } catch (SQLException e) {
            throw FeedJobs.refusal(target, "tell how it names topics", e);
        }
    }

    /** On by default. Who may not look at settings is taken to have the default. */
    private static boolean isBare(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SETTING)) {
            return !row.next() || ChangefeedPreflight.isTrue(row.getString(1));
        } catch (SQLException e) {
            log.info("not checked before the changefeed is created: {} ({})", SETTING, e.getMessage());
            return true;
        }
    }

    /** The server itself says which names it writes in quotes: it has reserved words of its own in each version. */
    private static Optional<String> quoted(Connection connection, Set<String> names) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT quote_ident(?)")) {
            for (String name : names) {
                statement.setString(1, name);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    if (!row.getString(1).equals(name)) {
                        return Optional.of(name);
                    }
                }
            }
        }
        return Optional.empty();
    }
}
