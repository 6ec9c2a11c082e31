package dev.godwit.connectors;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.origin.ReplicationOrigins;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One direction of one phase, and every name that is made from it.
 *
 * <p>Names must be unique over all phases that share a broker: the phases {@code eu-west} of {@code shop} and {@code west} of
 * {@code shop-eu} would share theirs.
 *
 * @param migration letters, digits and hyphens
 * @param phase letters, digits and hyphens
 */
public record PhaseDirection(String migration, String phase, Direction direction) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*");
    /** PostgreSQL cuts longer names (NAMEDATALEN 64). */
    private static final int SLOT_NAME_LENGTH_MAX = 63;

    /** @throws RefusedException if a name cannot be part of a topic, a slot and an application.id */
    public PhaseDirection {
        check("migration", migration);
        check("phase", phase);
        String slot = slotName(migration, phase);
        if (slot.length() > SLOT_NAME_LENGTH_MAX) {
            throw new RefusedException(
                    "the names of migration \"" + migration + "\" and phase \"" + phase
                            + "\" are too long together: the replication slot " + slot + " would have " + slot.length()
                            + " characters, and PostgreSQL allows " + SLOT_NAME_LENGTH_MAX,
                    "choose shorter names");
        }
    }

    private static void check(String what, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new RefusedException(
                    "\"" + name + "\" cannot be the name of a " + what,
                    "use letters a-z, A-Z, digits, and single hyphens between them");
        }
    }

    /** The ordering domain, which is also the {@code application.id} and the name of the connector. */
    public String domain() {
        return migration + "-" + phase + "-" + direction.label();
    }

    /** What the topics of this direction start with, before a dot. */
    public String topicPrefix() {
        return domain();
    }

    /** Those of the sessions that apply this direction, where it writes to a PostgreSQL and the user wants that. */
    public ReplicationOrigins origins() {
        return ReplicationOrigins.of(migration, phase, direction.label());
    }

    /** The topic with BEGIN and END of each transaction; only the forward direction has one. */
    public String transactionTopic() {
        return topicPrefix() + ".transaction";
    }

    /** The topic of Debezium's heartbeats, which carry no data; only the forward direction has one. */
    public String heartbeatTopic() {
        return "__debezium-heartbeat." + topicPrefix();
    }

    /** The domain of the rows that heartbeats write to {@code _godwit.watermark}. */
    public String heartbeatDomain() {
        return domain() + ":heartbeat";
    }

    /** The topic that Debezium sends the changes of a table to. */
    public String tableTopic(TableName table) {
        return topicPrefix() + "." + TopicNames.debezium(table.schema() + "." + table.name());
    }

    /** The same, for any product: a MySQL table's schema is its database. */
    public String tableTopic(Database source, TableName table) {
        return topicPrefix() + "." + TopicNames.debezium(database(source, table) + "." + table.name());
    }

    /** The schema of a table as Debezium calls it. */
    String database(Database source, TableName table) {
        boolean ofUrl = source.product() == Product.MYSQL
                && table.schema().equals(source.url().schema());
        return ofUrl ? source.url().database() : table.schema();
    }

    /** The topic that a changefeed on {@code database} with {@code full_table_name} sends the changes of a table to. */
    public String failbackTopic(String database, TableName table) {
        return topicPrefix() + "." + TopicNames.cockroach(database + "." + table.schema() + "." + table.name());
    }

    /** The replication slot of the phase on the source of the migration; the same for both directions. */
    public String slotName() {
        return slotName(migration, phase);
    }

    /** The publication of the phase on the source of the migration; the same for both directions. */
    public String publicationName() {
        return slotName();
    }

    private static String slotName(String migration, String phase) {
        return "godwit_" + (migration + "_" + phase).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    @Override
    public String toString() {
        return domain();
    }
}
