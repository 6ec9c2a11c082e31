package dev.godwit.verify.structure;

import dev.godwit.database.Database;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.TableName;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** Finds sequences of the target that would give out numbers which rows have already. */
final class SequenceCheck {
    private final Database target;
    private final Statement statement;

    private SequenceCheck(Database target, Statement statement) {
        this.target = target;
        this.statement = statement;
    }

    /** Hears of a warning. */
    interface Sink {
        void warn(StructureDifference warning);
    }

    /**
     * @param name what reports call the table
     * @param table its name on the target
     */
    static void run(Database target, TableName name, TableName table, Map<String, String> sequences, Sink sink)
            throws SQLException {
        if (sequences.isEmpty()) {
            return;
        }
        try (Connection connection = target.open();
                Statement statement = connection.createStatement()) {
            SequenceCheck check = new SequenceCheck(target, statement);
            for (Map.Entry<String, String> sequence : sequences.entrySet()) {
                String words;
                try {
                    words = check.behind(table, sequence.getKey(), sequence.getValue())
                            .orElse(null);
                } catch (SQLException e) {
                    words = "its sequence " + sequence.getValue() + " on the target cannot be read: " + e.getMessage();
                }
                if (words != null) {
                    sink.warn(new StructureDifference(name, sequence.getKey(), words));
                }
            }
        }
    }

    private Optional<String> behind(TableName table, String column, String sequence) throws SQLException {
        BigDecimal highest = number("SELECT max(" + target.dialect().quote(column) + ") FROM "
                + target.dialect().quote(table));
        BigDecimal last = number("SELECT last_value FROM " + sequence);
        if (highest == null || last == null || last.compareTo(highest) >= 0) {
            return Optional.empty();
        }
        return Optional.of("its sequence on the target stands at " + last + ", behind the highest value " + highest
                + "; before applications write there: SELECT setval('" + sequence.replace("'", "''") + "', " + highest
                + ")");
    }

    private BigDecimal number(String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getBigDecimal(1) : null;
        }
    }
}
