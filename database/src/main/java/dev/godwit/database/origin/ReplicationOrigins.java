package dev.godwit.database.origin;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The replication origins of one direction on a PostgreSQL that it writes to. Each session that applies has one of its own, since a
 * session holds an origin alone; a slot that is read with {@code origin=none} (PostgreSQL 16) then leaves out what they write.
 */
public final class ReplicationOrigins {
    /** The parameter of a slot's reader that leaves out whatever has an origin, of whomever. */
    public static final String ORIGIN_NONE = "origin=none";

    private static final int VERSION_MIN = 16;
    private static final String START = "godwit:";
    private static final int SESSIONS_MAX = 1_000;
    /** Still held by a session. */
    private static final String IN_USE = "55006";

    private static final List<String> FUNCTIONS = List.of(
            "pg_replication_origin_create(text)",
            "pg_replication_origin_oid(text)",
            "pg_replication_origin_session_setup(text)",
            "pg_replication_origin_drop(text)");

    private final String prefix;

    private ReplicationOrigins(String prefix) {
        this.prefix = prefix;
    }

    /** All three are names of letters, digits and hyphens. */
    public static ReplicationOrigins of(String migration, String phase, String direction) {
        return new ReplicationOrigins(START + migration + ":" + phase + ":" + direction + ":");
    }

    /**
     * The first statement of a session that applies: takes the first origin that no other session has, and makes it if need be. What a
     * killed applier has left is held until the server has noticed; so there may be more than there are sessions.
     */
    public String sessionSql() {
        return """
               DO $godwit$
               DECLARE
                 origin text;
               BEGIN
                 FOR number IN 1..%d LOOP
                   origin := '%s' || number;
                   BEGIN
                     IF pg_catalog.pg_replication_origin_oid(origin) IS NULL THEN
                       PERFORM pg_catalog.pg_replication_origin_create(origin);
                     END IF;
                   EXCEPTION WHEN unique_violation THEN
                     NULL; -- somebody else has made it just now
                   END;
                   BEGIN
                     PERFORM pg_catalog.pg_replication_origin_session_setup(origin);
                     RETURN;
                   EXCEPTION WHEN object_in_use THEN
                     NULL; -- the next one
                   END;
                 END LOOP;
                 RAISE EXCEPTION 'all replication origins %%* are in use', '%s';
               EXCEPTION WHEN configuration_limit_exceeded THEN
                 -- As with connections: what an applier that was killed has left goes soon.
                 RAISE EXCEPTION '%%', SQLERRM USING ERRCODE = 'too_many_connections';
               END $godwit$""".formatted(SESSIONS_MAX, prefix, prefix);
    }

    /**
     * Looks whether sessions can have origins there. Writes nothing.
     *
     * @param sessions how many apply at the same time
     * @throws RefusedException if not
     */
    public void requireWritable(Database database, int sessions) {
        requireVersion(database);
        try (Connection connection = database.open()) {
            List<String> lacking = new ArrayList<>();
            for (String function : FUNCTIONS) {
                if (!"t"
                        .equals(text(
                                connection, "SELECT has_function_privilege(?, 'EXECUTE')", "pg_catalog." + function))) {
                    lacking.add("pg_catalog." + function);
                }
            }
            if (!lacking.isEmpty()) {
                throw new RefusedException(
                        "the user " + database.url().user() + " of the " + database
                                + " may not use replication origins",
                        "run as a superuser there: GRANT EXECUTE ON FUNCTION " + String.join(", ", lacking) + " TO \""
                                + database.url().user() + "\"; or leave apply.replication-origin out");
            }
            requireRoom(database, connection, sessions);
        } catch (SQLException e) {
            throw unreadable(database, e);
        }
    }

    private void requireRoom(Database database, Connection connection, int sessions) throws SQLException {
        String setting = text(
                connection,
                "SELECT name || ' ' || setting FROM pg_catalog.pg_settings WHERE name IN ('max_replication_slots',"
                        + " 'max_active_replication_origins') ORDER BY name LIMIT 1");
        String name = setting.substring(0, setting.indexOf(' '));
        int max = Integer.parseInt(setting.substring(setting.indexOf(' ') + 1));
        int others = Integer.parseInt(text(
                connection,
                "SELECT count(*) FROM pg_catalog.pg_replication_origin WHERE NOT starts_with(roname, ?)",
                prefix));
        if (max < others + sessions) {
            throw new RefusedException(
                    "the " + database + " has room for " + max + " replication origins (" + name
                            + "), of which others have " + others + " and this direction needs " + sessions,
                    "set " + name + " to " + (others + 2 * sessions)
                            + " or more there and restart the server, give fewer apply.lanes, or leave apply.replication-origin out");
        }
    }

    /**
     * Looks whether a slot there may be read with {@value #ORIGIN_NONE}: that leaves out what came by any origin, not by Godwit's alone. Writes
     * nothing.
     *
     * @param migration whose own origins do no harm
     * @throws RefusedException if somebody else replicates into the database, whose changes would be missing without a word
     */
    public static void requireReadable(Database database, String migration) {
        requireVersion(database);
        String remedy =
                "leave apply.replication-origin (slot.stream.params) out: the marks of the ledger keep echoes off without it";
        try (Connection connection = database.open()) {
            String subscription = text(
                    connection,
                    "SELECT string_agg(quote_ident(s.subname), ', ' ORDER BY s.subname) FROM pg_catalog.pg_subscription s"
                            + " JOIN pg_catalog.pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()");
            if (subscription != null) {
                throw new RefusedException(
                        "the " + database + " is itself a subscriber (" + subscription
                                + "), and what it gets by that would not be replicated with " + ORIGIN_NONE,
                        remedy);
            }
            // Those of subscriptions of other databases are called pg_<oid>, and write nothing in this one.
            String origin = text(
                    connection,
                    "SELECT string_agg(o.roname, ', ' ORDER BY o.roname) FROM pg_catalog.pg_replication_origin o"
                            + " WHERE NOT starts_with(o.roname, ?) AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_subscription s"
                            + " WHERE o.roname ~ ('^pg_' || s.oid || '(_|$)'))",
                    START + migration + ":");
            if (origin != null) {
                throw new RefusedException(
                        "others have replication origins on the server of the " + database + " (" + origin
                                + "), and what they write would not be replicated with " + ORIGIN_NONE,
                        remedy
                                + "; or, if nobody uses them any more, drop them: SELECT pg_replication_origin_drop('...')");
            }
        } catch (SQLException e) {
            throw unreadable(database, e);
        }
    }

    private static void requireVersion(Database database) {
        if (database.product() != Product.POSTGRESQL) {
            throw new RefusedException(
                    "the " + database + " is " + database.product() + ", which has no replication origins",
                    "leave apply.replication-origin out");
        }
        try (Connection connection = database.open()) {
            if (connection.getMetaData().getDatabaseMajorVersion() < VERSION_MIN) {
                throw new RefusedException(
                        "the " + database + " is PostgreSQL "
                                + connection.getMetaData().getDatabaseMajorVersion()
                                + ", whose slots cannot leave out what has an origin",
                        "use PostgreSQL " + VERSION_MIN + " or newer, or leave apply.replication-origin out");
            }
        } catch (SQLException e) {
            throw unreadable(database, e);
        }
    }

    /**
     * Removes the origins of this direction.
     *
     * @return those that some session still holds, and that stay
     */
    public List<String> drop(Database database) throws SQLException {
        List<String> left = new ArrayList<>();
        try (Connection connection = database.open()) {
            for (String name : existing(connection)) {
                try {
                    text(connection, "SELECT pg_catalog.pg_replication_origin_drop(?)", name);
                } catch (SQLException e) {
                    if (!IN_USE.equals(e.getSQLState())) {
                        throw e;
                    }
                    left.add(name);
                }
            }
        }
        return left;
    }

    private List<String> existing(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT roname FROM pg_catalog.pg_replication_origin WHERE starts_with(roname, ?) ORDER BY 1")) {
            select.setString(1, prefix);
            try (ResultSet row = select.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (row.next()) {
                    names.add(row.getString(1));
                }
                return names;
            }
        }
    }

    private static String text(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static RefusedException unreadable(Database database, SQLException e) {
        return new RefusedException(
                "cannot look at the replication origins of the " + database + ": " + e.getMessage(),
                "mend the cause that the server names, or leave apply.replication-origin out",
                e);
    }
}
