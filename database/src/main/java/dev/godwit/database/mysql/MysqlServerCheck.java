package dev.godwit.database.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a MySQL server writes the log that replication needs, keeps it long enough, and lets the user read it. */
public final class MysqlServerCheck {
    /** How long the binary log must be kept at least: the load, and the time until replication has begun. */
    public static final Duration LOG_KEPT_MIN = Duration.ofHours(24);

    private static final int[] VERSION_MIN = {8, 0, 19};

    private final Connection connection;
    private final boolean zeroDatesAreNull;
    private final List<MysqlProblem> problems = new ArrayList<>();

    private MysqlServerCheck(Connection connection, boolean zeroDatesAreNull) {
        this.connection = connection;
        this.zeroDatesAreNull = zeroDatesAreNull;
    }

    /**
     * Reads only.
     *
     * @param zeroDatesAreNull whether the user takes NULL for dates that no calendar has
     * @return everything that stands in the way; empty if nothing does
     */
    public static List<MysqlProblem> problems(Connection connection, boolean zeroDatesAreNull) throws SQLException {
        MysqlServerCheck check = new MysqlServerCheck(connection, zeroDatesAreNull);
        check.version();
        check.log();
        check.gtids();
        check.kept();
        check.dates();
        check.writable();
        check.privileges();
        return List.copyOf(check.problems);
    }

    private void version() throws SQLException {
        String version = text("SELECT version()");
        String[] parts = version.split("[^0-9]+");
        for (int i = 0; i < VERSION_MIN.length; i++) {
            int part = i < parts.length && !parts[i].isEmpty() ? Integer.parseInt(parts[i]) : 0;
            if (part > VERSION_MIN[i]) {
                return;
            }
            if (part < VERSION_MIN[i]) {
                add("the source is MySQL " + version + ", and failback needs 8.0.19 or newer", "upgrade the source");
                return;
            }
        }
    }

    private void log() throws SQLException {
        if (!setting("log_bin").equals("1")) {
            add("the source writes no binary log", "set log_bin in my.cnf and restart the server");
        }
        require("binlog_format", "ROW", "SET PERSIST binlog_format = 'ROW';");
        require("binlog_row_image", "FULL", "SET PERSIST binlog_row_image = 'FULL';");
        String partial = setting("binlog_row_value_options");
        if (!partial.isEmpty()) {
            add(
                    "binlog_row_value_options of the source is " + partial
                            + ", so that updates of JSON columns are logged in part only",
                    "SET PERSIST binlog_row_value_options = ''; sessions that are open keep their setting, so let them reconnect");
        }
        if (setting("binlog_transaction_compression").equals("1")) {
            add(
                    "the source compresses transactions in its binary log, in which their rows have no places of their own",
                    "SET PERSIST binlog_transaction_compression = OFF;");
        }
    }

    private void require(String name, String wanted, String remedy) throws SQLException {
        String found = setting(name);
        if (!found.equalsIgnoreCase(wanted)) {
            add(
                    name + " of the source is " + found + ", and must be " + wanted,
                    remedy + " sessions that are open keep their setting, so let them reconnect");
        }
    }

    private void gtids() throws SQLException {
        String mode = setting("gtid_mode");
        if (!mode.equals("ON")) {
            add(
                    "gtid_mode of the source is " + mode + ", and replication needs global transaction ids",
                    "SET PERSIST enforce_gtid_consistency = WARN; then, if no warnings come, = ON; then SET PERSIST gtid_mode ="
                            + " OFF_PERMISSIVE; then ON_PERMISSIVE; and when Ongoing_anonymous_transaction_count is 0, = ON;");
        }
    }

    private void kept() throws SQLException {
        String seconds = setting("binlog_expire_logs_seconds");
        long kept = seconds.isEmpty() ? 0 : Long.parseLong(seconds);
        if (kept > 0 && kept < LOG_KEPT_MIN.toSeconds()) {
            add(
                    "the source removes its binary log after " + kept
                            + " s; replication could not begin where the load was if that takes longer",
                    "SET PERSIST binlog_expire_logs_seconds = 604800; that is a week, and should be several times as long as the load takes");
        }
    }

    private void dates() throws SQLException {
        String mode = setting("sql_mode");
        boolean zeros = !mode.contains("NO_ZERO_DATE") && !zeroDatesAreNull;
        if (zeros || !mode.contains("NO_ZERO_IN_DATE") || !mode.contains("STRICT_")) {
            add(
                    "the source's sql_mode allows dates that no calendar has (0000-00-00), and a change to one would come as NULL",
                    "SET PERSIST sql_mode = CONCAT(@@global.sql_mode, ',STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE');"
                            + (zeros
                                    ? " or take NULL for 0000-00-00 by zeroDateTimeBehavior=CONVERT_TO_NULL in the source's URL"
                                    : "")
                            + " sessions that are open keep their setting, so let them reconnect");
        }
    }

    private void writable() throws SQLException {
        if (setting("super_read_only").equals("1") || setting("read_only").equals("1")) {
            add("the source is read-only, so it is a replica perhaps", "connect to its primary");
        }
    }

    private void privileges() throws SQLException {
        StringBuilder grants = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW GRANTS")) {
            while (row.next()) {
                grants.append(row.getString(1).toUpperCase(Locale.ROOT)).append('\n');
            }
        }
        String all = grants.toString();
        if (all.contains("GRANT ALL PRIVILEGES ON *.*")) {
            return;
        }
        String user = text("SELECT current_user()").replaceFirst("^(.*)@(.*)$", "'$1'@'$2'");
        for (String privilege : List.of("REPLICATION SLAVE", "REPLICATION CLIENT")) {
            if (!all.contains(privilege)) {
                add(
                        "the source's user " + user + " lacks the privilege " + privilege,
                        "GRANT " + privilege + " ON *.* TO " + user + ";");
            }
        }
        if (!all.contains("ON `_GODWIT`.*") && !all.matches("(?s).*GRANT [^\n]*CREATE[^\n]* ON \\*\\.\\*.*")) {
            add(
                    "the source's user " + user
                            + " has no privileges on the database _godwit, in which Godwit keeps what it has"
                            + " applied",
                    "GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON `_godwit`.* TO " + user + ";");
        }
    }

    private String setting(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@global." + name)) {
            row.next();
            String value = row.getString(1);
            return value == null ? "" : value;
        } catch (SQLException e) {
            if (e.getErrorCode() == 1193) { // a variable that this version does not have
                return "";
            }
            throw e;
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private void add(String message, String remedy) {
        problems.add(new MysqlProblem(message, remedy));
    }
}
