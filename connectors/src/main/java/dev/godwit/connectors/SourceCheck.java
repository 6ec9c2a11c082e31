package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.ledger.LedgerSchema;
import dev.godwit.database.origin.ReplicationOrigins;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Everything about the source that is checked before a connector is set up. Reads only. */
final class SourceCheck {
    private final ForwardSettings settings;

    SourceCheck(ForwardSettings settings) {
        this.settings = settings;
    }

    /** Only what concerns the tables of the phase. */
    void checkTables() {
        Database source = settings.source();
        if (source.product() != Product.POSTGRESQL) {
            throw new RefusedException(
                    "forward replication cannot read a " + source.product() + " source yet", "use a PostgreSQL source");
        }
        if (settings.more().containsKey(DebeziumPostgres.STREAM_PARAMETERS)) {
            ReplicationOrigins.requireReadable(source, settings.phase().migration());
        }
        TopicNames.check(captured(), settings.phase()::tableTopic);
        try (Connection connection = source.open()) {
            checkTextForms(connection, CapturedTablesCheck.check(source.catalog(), settings.tables()));
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    /** @param connectorExists whether our own connector is there already, which then may hold the slot */
    void check(boolean connectorExists) {
        checkTables();
        Database source = settings.source();
        try (Connection connection = source.open()) {
            SlotCheck.check(
                    connection, settings.phase().slotName(), source.url().database(), connectorExists);
            new PublicationCheck(connection, settings.phase().publicationName()).check(captured());
            checkLedger(connection);
            checkDomains(connection);
        } catch (SQLException e) {
            throw unchecked(e);
        }
    }

    private RefusedException unchecked(SQLException e) {
        return new RefusedException(
                "the " + settings.source() + " cannot be checked: " + e.getMessage(),
                "mend the cause that the server names, then try again",
                e);
    }

    List<TableName> captured() {
        return CapturedTables.of(settings.requireTables());
    }

    private static void checkLedger(Connection connection) throws SQLException {
        if (!holds(connection, "to_regclass('" + LedgerSchema.WATERMARK + "') IS NOT NULL")) {
            throw new RefusedException("the source has no table " + LedgerSchema.WATERMARK, "prepare the source first");
        }
        if (!holds(
                connection,
                "has_table_privilege('" + LedgerSchema.WATERMARK + "', 'SELECT')"
                        + " AND has_table_privilege('" + LedgerSchema.WATERMARK + "', 'INSERT')"
                        + " AND has_table_privilege('" + LedgerSchema.WATERMARK + "', 'UPDATE')")) {
            throw new RefusedException(
                    "the source's user may not write " + LedgerSchema.WATERMARK + ", which heartbeats need",
                    "GRANT USAGE ON SCHEMA " + LedgerSchema.SCHEMA + " TO user; GRANT SELECT, INSERT, UPDATE ON "
                            + LedgerSchema.WATERMARK + " TO user;");
        }
    }

    /** Debezium reads all types of the database at its start, and breaks off at a domain over an enum (TypeRegistry of 3.6.1). */
    private static void checkDomains(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT format_type(oid, NULL), format_type(typbasetype, NULL)"
                        + " FROM pg_catalog.pg_type WHERE typtype = 'd' AND typcategory = 'E' ORDER BY 1")) {
            if (row.next()) {
                throw new RefusedException(
                        "the source has the domain " + row.getString(1) + " over the enum " + row.getString(2)
                                + ", and Debezium does not start on such a database, whichever tables are captured",
                        "change the columns of that domain to the enum itself, and drop the domain");
            }
        }
    }

    /** Debezium takes these values as text and knows one text form only; it would misread the other in silence. */
    private void checkTextForms(Connection connection, List<Table> tables) throws SQLException {
        if (uses(tables, TypeKind.BYTES) && !holds(connection, "current_setting('bytea_output') = 'hex'")) {
            throw textForm("bytea_output", "hex");
        }
        if (uses(tables, TypeKind.INTERVAL) && !holds(connection, "current_setting('intervalstyle') = 'postgres'")) {
            throw textForm("intervalstyle", "postgres");
        }
    }

    private RefusedException textForm(String setting, String needed) {
        return new RefusedException(
                "the source's user has a " + setting + " other than " + needed + ", which Debezium cannot read",
                "ALTER ROLE \"" + settings.source().url().user() + "\" SET " + setting + " = '" + needed + "';");
    }

    private static boolean uses(List<Table> tables, TypeKind kind) {
        return tables.stream()
                .flatMap(table -> table.columns().stream())
                .map(column -> innermost(column.type()))
                .anyMatch(type -> type.kind() == kind);
    }

    private static ColumnType innermost(ColumnType type) {
        return type.element() == null ? type : innermost(type.element());
    }

    private static boolean holds(Connection connection, String condition) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + condition)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
