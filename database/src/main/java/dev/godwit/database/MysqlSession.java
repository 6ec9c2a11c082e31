package dev.godwit.database;

import java.util.Locale;
import java.util.Properties;

/** How connections to MySQL are opened, so that a value does not depend on how server or user are configured. */
final class MysqlSession {
    /**
     * Strict, so that a value that does not fit is refused and not bent; a zero in an auto-increment column is a zero. Zero dates stay
     * readable, for the one who has to refuse them. Backslashes must stay escapes: without them the driver (9.4) writes texts that need
     * any as hexadecimal bytes, which MySQL does not convert to the character set of the column.
     */
    private static final String SQL_MODE =
            "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO";

    private MysqlSession() {}

    static Properties properties(DatabaseUrl url, String applicationName) {
        Properties properties = url.jdbcProperties();
        properties.setProperty("sessionVariables", "sql_mode='" + SQL_MODE + "',time_zone='+00:00',autocommit=1");
        properties.setProperty("characterEncoding", "UTF-8");
        properties.setProperty("connectionTimeZone", "UTC");
        // A number stays a number: by default tinyint(1) becomes a boolean, and a year a date.
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("useServerPrepStmts", "false");
        // Rows that were found count, not only those that were changed.
        properties.setProperty("useAffectedRows", "false");
        properties.putIfAbsent("connectionAttributes", "program_name:" + applicationName.replace(',', ' '));
        properties.putIfAbsent("connectTimeout", "10000");
        properties.putIfAbsent("tcpKeepAlive", "true");
        return properties;
    }

    /** @throws RefusedException for products that only speak MySQL's protocol */
    static void requireMysql(String role, String version) {
        if (version.toLowerCase(Locale.ROOT).contains("mariadb")) {
            throw new RefusedException(
                    "the " + role + " is MariaDB (" + version + "), whose transaction ids and types are not MySQL's",
                    "use a MySQL 8.0 or 8.4 server");
        }
    }
}
