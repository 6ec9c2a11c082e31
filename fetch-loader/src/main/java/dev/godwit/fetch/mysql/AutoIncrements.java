package dev.godwit.fetch.mysql;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.plan.LoadPlan;
import dev.godwit.fetch.plan.TablePlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the AUTO_INCREMENT columns of the source stand, as statements for the sequences of the target's columns. */
record AutoIncrements(FetchRequest request, FetchListener listener) {
    /** The sequence of a serial or identity column, else the one that its default names. */
    private static final String SEQUENCE = "SELECT coalesce(pg_get_serial_sequence(?, ?), (SELECT"
            + " substring(pg_get_expr(d.adbin, d.adrelid) from 'nextval\\(''([^'']+)''') FROM pg_catalog.pg_attrdef d JOIN"
            + " pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = ?::regclass AND"
            + " a.attname = ?))";

    List<String> statements(LoadPlan plan) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (Connection source = request.source().open();
                Connection target = request.target().open()) {
            for (TablePlan table : plan.tables()) {
                for (Column column : table.sourceColumns()) {
                    if (column.generation() == Generation.IDENTITY_BY_DEFAULT) {
                        statement(source, target, table, column).ifPresent(statements::add);
                    }
                }
            }
        }
        return statements;
    }

    private Optional<String> statement(Connection source, Connection target, TablePlan table, Column column)
            throws SQLException {
        String name = table.mapping().targetColumn(column.name());
        Optional<String> sequence = sequence(target, table.target(), name);
        if (sequence.isEmpty()) {
            listener.warned(
                    "column " + table.target() + "." + name + " of the target takes its values from no sequence,"
                            + " although " + table.name() + "." + column.name() + " is AUTO_INCREMENT");
            return Optional.empty();
        }
        return Optional.of("SELECT setval(" + request.target().dialect().literal(sequence.get()) + ", "
                + next(source, table.name()) + ", false);");
    }

    private Optional<String> sequence(Connection target, TableName table, String column) throws SQLException {
        String quoted = request.target().dialect().quote(table);
        try (PreparedStatement statement = target.prepareStatement(SEQUENCE)) {
            statement.setString(1, quoted);
            statement.setString(2, column);
            statement.setString(3, quoted);
            statement.setString(4, column);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getString(1));
            }
        }
    }

    private long next(Connection source, TableName table) throws SQLException {
        try (Statement statement = source.createStatement()) {
            // Else what the server says may be a day old.
            statement.execute("SET SESSION information_schema_stats_expiry = 0");
            try (ResultSet row =
                    statement.executeQuery("SELECT coalesce(auto_increment, 1) FROM information_schema.tables"
                            + " WHERE table_schema = DATABASE() AND table_name = "
                            + request.source().dialect().literal(table.name()))) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
