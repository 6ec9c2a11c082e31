package dev.godwit.phase.run;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.phase.log.Evidence;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * For how long CockroachDB keeps the history of a phase's tables ({@code gc.ttlseconds}): a changefeed can go back no further. Raised by
 * step 2, put back by step 12 and by a rollback.
 *
 * <p>What was there is noted, durably, before anything is changed, and never noted again by a later attempt, which would take the raised
 * value for the old one. Putting back may be repeated.
 */
final class GcTtl {
    /** Evidence of step 2: per table the seconds that it had of its own, or null where it had inherited them. */
    static final String BEFORE = "gc_ttl_before";

    private static final String RAISED_TO = "gc_ttl_seconds";

    private static final String SECONDS = "gc.ttlseconds";
    private static final Pattern SETTING = Pattern.compile("(?m)^\\s*([a-z_.]+) = (.*?),?$");

    private final Database target;
    private final List<TableName> tables;

    GcTtl(Database target, List<TableName> tables) {
        this.target = target;
        this.tables = List.copyOf(tables);
    }

    /**
     * The zone of a table: its own, or one that it inherits.
     *
     * @param others its further settings. CockroachDB shows inherited ones among those of an own zone.
     */
    record Zone(boolean own, long seconds, Map<String, String> others) {
        Zone {
            others = Map.copyOf(others);
        }

        /** @param owner whose zone it is, as {@code SHOW ZONE CONFIGURATION} says: {@code TABLE shop.public.orders}, {@code RANGE default} */
        static Zone parse(String owner, String sql) {
            Map<String, String> settings = new LinkedHashMap<>();
            Matcher setting = SETTING.matcher(sql);
            while (setting.find()) {
                settings.put(setting.group(1), setting.group(2));
            }
            String seconds = settings.remove(SECONDS);
            if (seconds == null) {
                throw new IllegalStateException("a zone configuration without gc.ttlseconds: " + sql);
            }
            return new Zone(owner.startsWith("TABLE "), Long.parseLong(seconds), settings);
        }
    }

    /** @return the evidence, to be part of the step's */
    Evidence raise(Duration wanted, Attempt attempt) throws SQLException {
        if (target.product() != Product.COCKROACHDB) {
            return Evidence.NONE;
        }
        try (Connection connection = target.open()) {
            if (attempt.evidence().entry(BEFORE).isMissingNode()) {
                Map<String, Object> before = new LinkedHashMap<>();
                for (TableName table : tables) {
                    Zone zone = zone(connection, table);
                    if (zone.seconds() < wanted.toSeconds()) {
                        before.put(table.toString(), zone.own() ? zone.seconds() : null);
                    }
                }
                attempt.note(RAISED_TO, wanted.toSeconds());
                attempt.note(BEFORE, before);
            }
            for (TableName table : tables) {
                if (attempt.evidence().entry(BEFORE).has(table.toString())) {
                    execute(
                            connection,
                            configure(table) + "USING gc.ttlseconds = "
                                    + attempt.evidence().number(RAISED_TO));
                }
            }
            return Evidence.of(BEFORE, attempt.evidence().entry(BEFORE))
                    .with(RAISED_TO, attempt.evidence().number(RAISED_TO));
        } catch (SQLException e) {
            Optional<RefusedException> refused = refused(e);
            if (refused.isPresent()) {
                throw refused.get();
            }
            throw e;
        }
    }

    static Optional<RefusedException> refused(SQLException e) {
        String message =
                "the target does not let Godwit set for how long the tables keep their history: " + e.getMessage();
        return switch (String.valueOf(e.getSQLState())) {
            case "42501" ->
                Optional.of(new RefusedException(
                        message, "GRANT ZONECONFIG ON the tables TO the user, or leave out failback.gc-ttl", e));
            case "57000" ->
                Optional.of(
                        new RefusedException( // schema_locked
                                message,
                                "ALTER TABLE that table SET (schema_locked = false), or leave out failback.gc-ttl",
                                e));
            default -> Optional.empty();
        };
    }

    /** @param prepared the evidence of step 2 */
    void putBack(Evidence prepared) throws SQLException {
        if (target.product() != Product.COCKROACHDB || !prepared.entry(BEFORE).isObject()) {
            return;
        }
        try (Connection connection = target.open()) {
            for (TableName table : tables) {
                if (!prepared.entry(BEFORE).has(table.toString())) {
                    continue;
                }
                var before = prepared.entry(BEFORE).get(table.toString());
                Zone zone = zone(connection, table);
                if (zone.seconds() != prepared.number(RAISED_TO)) {
                    continue; // put back already, or somebody has set it to something else since
                }
                if (!before.isNull()) {
                    execute(connection, configure(table) + "USING gc.ttlseconds = " + before.asLong());
                } else if (zone.own()) {
                    execute(connection, configure(table) + inherit(zone, zoneOfDatabase(connection)));
                }
            }
        }
    }

    /** Settings that somebody has added to the zone in the meantime stay: those that the database's zone has not. */
    static String inherit(Zone zone, Zone ofDatabase) {
        return zone.others().isEmpty() || zone.others().equals(ofDatabase.others())
                ? "DISCARD"
                : "USING gc.ttlseconds = COPY FROM PARENT";
    }

    private String configure(TableName table) {
        return "ALTER TABLE " + target.dialect().quote(table) + " CONFIGURE ZONE ";
    }

    private Zone zone(Connection connection, TableName table) throws SQLException {
        return read(connection, "TABLE " + target.dialect().quote(table));
    }

    private Zone zoneOfDatabase(Connection connection) throws SQLException {
        return read(
                connection, "DATABASE " + target.dialect().quote(target.url().database()));
    }

    private static Zone read(Connection connection, String of) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT target, raw_config_sql FROM [SHOW ZONE CONFIGURATION FROM " + of + "]")) {
            row.next();
            return Zone.parse(row.getString(1), row.getString(2));
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
