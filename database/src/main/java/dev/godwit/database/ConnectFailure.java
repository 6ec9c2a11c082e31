package dev.godwit.database;

import java.sql.SQLException;

/** Says in words why a database could not be connected to. SQLSTATEs are those of PostgreSQL, which CockroachDB shares, and of MySQL. */
final class ConnectFailure {
    private ConnectFailure() {}

    static RefusedException refusal(String role, DatabaseUrl url, SQLException e) {
        String place = url.host() + ":" + url.port();
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("08004") && url.password().isEmpty()) {
            // The driver's own state, before it has sent anything.
            return new RefusedException(
                    "the " + role + " at " + place + " wants a password for user \"" + url.user() + "\"",
                    "write the password into the " + role + " URL",
                    e);
        }
        if (e.getErrorCode() == 1049) { // MySQL, with a state that says nothing
            state = "3D000";
        }
        return switch (state) {
            case "28P01", "28000" ->
                new RefusedException(
                        "the " + role + " at " + place + " refuses user \"" + url.user() + "\": " + firstLine(e),
                        "check user and password in the " + role + " URL",
                        e);
            case "3D000" ->
                new RefusedException(
                        "the " + role + " at " + place + " has no database \"" + url.database() + "\"",
                        "check the database name in the " + role + " URL, or create the database",
                        e);
            case "08001", "08004", "08006", "08S01" ->
                new RefusedException(
                        "cannot reach the " + role + " at " + place + ": " + firstLine(e),
                        "check host and port in the " + role
                                + " URL, and that the server runs and lets this machine in",
                        e);
            default ->
                new RefusedException(
                        "cannot use the " + role + " at " + place + ": " + firstLine(e) + " (SQLSTATE " + state + ")",
                        "mend the cause that the server names, then try again",
                        e);
        };
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
}
