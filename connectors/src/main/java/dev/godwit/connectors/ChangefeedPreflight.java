package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code CREATE CHANGEFEED} would accept and then fail at, or refuse in words that do not say what to do. What the user may not look
 * at is left to the statement itself, which creates nothing if it says no.
 */
final class ChangefeedPreflight {
    private static final Logger log = LoggerFactory.getLogger(ChangefeedPreflight.class);
    private static final Pattern GC_TTL = Pattern.compile("gc\\.ttlseconds = (\\d+)");
    private static final Pattern FAMILY = Pattern.compile("(?m)^\\s*FAMILY ");

    private final Connection connection;
    private final ChangefeedStatement statement;

    private ChangefeedPreflight(Connection connection, ChangefeedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    /** @throws RefusedException if something does not fit */
    static void check(Database target, ChangefeedStatement statement) {
        try (Connection connection = target.open()) {
            ChangefeedPreflight preflight = new ChangefeedPreflight(connection, statement);
            preflight.checkRangefeeds();
            for (TableName table : statement.captured()) {
                preflight.checkFamilies(table);
                preflight.checkPrivilege(table);
                preflight.checkCursor(table);
            }
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot look at the " + target + ": " + Secrets.scrub(String.valueOf(e.getMessage())),
                    "check the target URL",
                    e);
        }
    }

    private void checkRangefeeds() {
        Optional<String> enabled = ask("SHOW CLUSTER SETTING kv.rangefeed.enabled");
        if (enabled.isPresent() && !isTrue(enabled.get())) {
            throw new RefusedException(
                    "the target has range feeds switched off, which changefeeds need",
                    "run on the target: SET CLUSTER SETTING kv.rangefeed.enabled = true;");
        }
    }

    static boolean isTrue(String setting) {
        return setting.equals("t") || setting.equalsIgnoreCase("true");
    }

    private void checkFamilies(TableName table) {
        Optional<String> definition = ask("SELECT create_statement FROM [SHOW CREATE TABLE " + sql(table) + "]");
        if (definition.isPresent() && families(definition.get()) > 1) {
            throw new RefusedException(
                    "table " + table
                            + " has several column families: a changefeed sends each of them by itself, and cannot say up to"
                            + " where it is complete (cockroach#79452)",
                    "make it one family, or leave the table out of the phase");
        }
    }

    static int families(String createTable) {
        Matcher matcher = FAMILY.matcher(createTable);
        int families = 0;
        while (matcher.find()) {
            families++;
        }
        return families;
    }

    private void checkPrivilege(TableName table) {
        Optional<String> may =
                ask("SELECT has_table_privilege(current_user, '" + sql(table).replace("'", "''") + "', 'SELECT')");
        if (may.isPresent() && !isTrue(may.get())) {
            throw new RefusedException(
                    "the user may not read table " + table + " of the target",
                    "GRANT SELECT, CHANGEFEED ON TABLE " + sql(table)
                            + " TO the user (before v23.1: GRANT SELECT, and ALTER USER ... CONTROLCHANGEFEED)");
        }
    }

    /** A feed whose beginning has been collected fails, after it has been created. */
    private void checkCursor(TableName table) {
        Optional<String> zone =
                ask("SELECT raw_config_sql FROM [SHOW ZONE CONFIGURATION FROM TABLE " + sql(table) + "]");
        Optional<String> now = ask("SELECT cluster_logical_timestamp()::STRING");
        if (zone.isEmpty() || now.isEmpty()) {
            return;
        }
        Matcher ttl = GC_TTL.matcher(zone.get());
        if (ttl.find()) {
            checkAge(table, age(statement.cursor(), now.get()), Duration.ofSeconds(Long.parseLong(ttl.group(1))));
        }
    }

    static Duration age(String cursor, String now) {
        return Duration.ofNanos(
                new BigDecimal(now).subtract(new BigDecimal(cursor)).longValue());
    }

    static void checkAge(TableName table, Duration age, Duration ttl) {
        if (age.compareTo(ttl) > 0) {
            throw new RefusedException(
                    String.format(
                            Locale.ROOT,
                            "the cursor is %d s old, and table %s keeps its history for %d s (gc.ttlseconds): what happened since the cursor may be gone",
                            age.toSeconds(),
                            table,
                            ttl.toSeconds()),
                    "if there was no traffic on the target since then, take a new cluster_logical_timestamp(); else compare both sides first");
        }
    }

    /** The first column of the first row; empty if there is none, or if the user may not ask. */
    private Optional<String> ask(String sql) {
        try (Statement asked = connection.createStatement();
                ResultSet row = asked.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            log.info("not checked before the changefeed is created: {} ({})", sql, e.getMessage());
            return Optional.empty();
        }
    }

    private String sql(TableName table) {
        return quoted(statement.database()) + "." + quoted(table.schema()) + "." + quoted(table.name());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
