package dev.godwit.fetch.plan;

import dev.godwit.database.Product;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.fetch.FetchRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** Whether the servers allow a slot, a publication and the ledger schema. */
final class ServerChecks {
    private static final Pattern SLOT_NAME = Pattern.compile("[a-z0-9_]{1,63}");

    private final FetchRequest request;
    private final Problems problems;
    private final boolean continued;

    ServerChecks(FetchRequest request, Problems problems, boolean continued) {
        this.request = request;
        this.problems = problems;
        this.continued = continued;
    }

    void checkSource(Connection source) throws SQLException {
        if (request.checkpoint().isTaken() && !continued) {
            checkReplication(source);
            checkSlotName(source);
            checkPublicationName(source);
            checkLedger("source", source);
        }
    }

    void checkTarget(Connection target) throws SQLException {
        checkWritable(target);
        checkLedger("target", target);
    }

    private void checkReplication(Connection source) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('wal_level') AS wal_level,"
                        + " pg_is_in_recovery() AS standby, current_user AS username,"
                        + " (SELECT r.rolreplication OR r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)"
                        + " OR EXISTS (SELECT 1 FROM pg_roles r WHERE r.rolname = 'rds_replication'"
                        + " AND pg_has_role(current_user, r.oid, 'MEMBER')) AS replication,"
                        + " current_setting('max_replication_slots')::int AS slots_max,"
                        + " (SELECT count(*) FROM pg_replication_slots) AS slots,"
                        + " current_setting('max_wal_senders')::int AS senders_max,"
                        + " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender') AS senders")) {
            row.next();
            if (row.getBoolean("standby")) {
                problems.add("the source is a standby, which cannot hold a publication", "connect to its primary");
            }
            if (!row.getString("wal_level").equals("logical")) {
                problems.add(
                        "wal_level of the source is " + row.getString("wal_level") + ", replication needs logical",
                        "run ALTER SYSTEM SET wal_level = logical; on the source and restart it");
            }
            if (!row.getBoolean("replication")) {
                problems.add(
                        "user \"" + row.getString("username") + "\" of the source lacks the REPLICATION privilege",
                        "run ALTER ROLE " + quote(row.getString("username"))
                                + " REPLICATION; on the source as superuser");
            }
            boolean replaces = request.checkpoint().dropAndRecreate();
            checkFree(
                    "max_replication_slots",
                    "replication slots",
                    row.getInt("slots_max") + (replaces ? 1 : 0),
                    row.getInt("slots"));
            checkFree("max_wal_senders", "WAL senders", row.getInt("senders_max"), row.getInt("senders"));
        }
    }

    private void checkFree(String setting, String what, int max, int used) {
        if (used >= max) {
            problems.add(
                    "the source has no free " + what.substring(0, what.length() - 1) + ": " + used + " of " + max + " "
                            + what + " are in use",
                    "drop what is no longer used, or run ALTER SYSTEM SET " + setting + " = " + (max + 10)
                            + "; on the source and restart it");
        }
    }

    private void checkSlotName(Connection source) throws SQLException {
        String slot = request.slotName();
        if (!SLOT_NAME.matcher(slot).matches()) {
            problems.add(
                    "\"" + slot + "\" is no name for a replication slot",
                    "use at most 63 of the characters a-z, 0-9 and _");
            return;
        }
        try (PreparedStatement statement = source.prepareStatement("SELECT database, plugin, active_pid,"
                + " pg_size_pretty(pg_current_wal_lsn() - restart_lsn) AS kept FROM pg_replication_slots"
                + " WHERE slot_name = ? AND NOT pg_is_in_recovery()")) {
            statement.setString(1, slot);
            try (ResultSet row = statement.executeQuery()) {
                boolean exists = row.next();
                String user = exists ? row.getString("active_pid") : null;
                if (exists && user != null && request.checkpoint().dropAndRecreate()) {
                    problems.add(
                            "replication slot \"" + slot + "\" cannot be dropped: process " + user
                                    + " of the source reads from it",
                            "stop what replicates from it, or choose another slot name");
                } else if (exists && !request.checkpoint().dropAndRecreate()) {
                    problems.add(
                            "replication slot \"" + slot + "\" is already there ("
                                    + (user == null ? "in use by nobody" : "in use by process " + user)
                                    + (row.getString("kept") == null
                                            ? ""
                                            : ", keeps " + row.getString("kept") + " of WAL")
                                    + ")",
                            "choose another slot name; or, if an interrupted load left it and no replication uses it, run"
                                    + " SELECT pg_drop_replication_slot('" + slot + "'); on the source");
                }
            }
        }
    }

    private void checkPublicationName(Connection source) throws SQLException {
        String publication = request.publicationName();
        int length = publication.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > 63) {
            // PostgreSQL would cut a longer name in silence.
            problems.add("\"" + publication + "\" is no name for a publication", "use a name of 1 to 63 bytes");
            return;
        }
        try (PreparedStatement statement = source.prepareStatement("SELECT 1 FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, publication);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && !request.checkpoint().dropAndRecreate()) {
                    problems.add(
                            "publication \"" + publication + "\" is already there",
                            "choose another publication name; or, if an interrupted load left it and no replication uses it,"
                                    + " run DROP PUBLICATION " + quote(publication) + "; on the source");
                }
            }
        }
    }

    /** The ledger's tables travel with the publication, so the user must own them; and must be able to make what is missing. */
    private void checkLedger(String role, Connection connection) throws SQLException {
        boolean postgres =
                (role.equals("source") ? request.source() : request.target()).product() == Product.POSTGRESQL;
        String ownedByOther = postgres ? "NOT pg_has_role(current_user, c.relowner, 'USAGE')" : "false";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_user, current_database(),"
                        + " has_database_privilege(current_database(), 'CREATE') AS may_create,"
                        + " EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '" + LedgerSchema.SCHEMA
                        + "') AS has_schema, (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                        + " ON n.oid = c.relnamespace WHERE n.nspname = '" + LedgerSchema.SCHEMA
                        + "' AND c.relkind = 'r' AND " + ownedByOther + ") AS of_others")) {
            row.next();
            String user = row.getString(1);
            boolean needsCreate = role.equals("source") || !row.getBoolean("has_schema");
            if (needsCreate && !row.getBoolean("may_create")) {
                problems.add(
                        "user \"" + user + "\" of the " + role + " may not create "
                                + (role.equals("source") ? "a publication" : "the schema " + LedgerSchema.SCHEMA),
                        "run GRANT CREATE ON DATABASE " + quote(row.getString(2)) + " TO " + quote(user) + "; on the "
                                + role);
            }
            if (role.equals("source") && row.getInt("of_others") > 0) {
                problems.add(
                        "tables of the schema " + LedgerSchema.SCHEMA + " on the source belong to another user, so \""
                                + user + "\" cannot publish them",
                        "use the same source user as before, or make \"" + user + "\" a member of the owner's role");
            }
        }
    }

    private void checkWritable(Connection target) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("SHOW transaction_read_only")) {
            row.next();
            if (row.getString(1).equals("on")) {
                problems.add(
                        "the target is read-only",
                        "connect to its primary, or switch default_transaction_read_only off for this user");
            }
        }
    }

    private String quote(String identifier) {
        return request.source().dialect().quote(identifier);
    }
}
