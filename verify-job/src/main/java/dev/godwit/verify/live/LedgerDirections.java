package dev.godwit.verify.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the ledger says of a direction: its ordering domains, and which of them applies which table. Writes nothing. */
final class LedgerDirections {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char SEPARATOR = '.';

    private LedgerDirections() {}

    /** The direction that a domain belongs to. */
    static String direction(String domain) {
        int separator = domain.indexOf(SEPARATOR);
        return separator < 0 ? domain : domain.substring(0, separator);
    }

    /** A ledger of an earlier version knows only the one domain that is called like its direction. */
    static LiveDomains read(Connection connection, String direction) throws SQLException {
        List<String> domains = List.of(direction);
        if (ConsistentPoints.hasTable(connection, "direction")) {
            String text = single(connection, "SELECT domains FROM _godwit.direction WHERE direction = ?", direction);
            domains = text == null ? domains : parse(text);
        }
        Map<TableName, String> ofTables = new HashMap<>();
        if (ConsistentPoints.hasTable(connection, "captured_table")) {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT table_schema, table_name, domain FROM _godwit.captured_table WHERE direction = ?")) {
                select.setString(1, direction);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        if (domains.contains(row.getString(3))) {
                            ofTables.put(new TableName(row.getString(1), row.getString(2)), row.getString(3));
                        }
                    }
                }
            }
        }
        return new LiveDomains(direction, domains, ofTables);
    }

    private static String single(Connection connection, String sql, String parameter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, parameter);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static List<String> parse(String text) {
        try {
            return JSON.readValue(text, new TypeReference<List<String>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("domains in _godwit.direction is damaged: " + text, e);
        }
    }
}
