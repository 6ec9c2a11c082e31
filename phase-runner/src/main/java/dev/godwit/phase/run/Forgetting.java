package dev.godwit.phase.run;

import dev.godwit.apply.deadletter.DeadLetterReplay;
import dev.godwit.apply.ledger.Directions;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.apply.ledger.Ledger;
import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.phase.file.PhaseFile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** Removes what an applier has left behind about how far it was. No applier of the domain may run. */
final class Forgetting {
    private static final int ANSWERS_WITHIN_SECONDS = 15;

    private Forgetting() {}

    /** All ordering domains that a direction has, or has had in another mode. */
    static Set<String> domains(Database replicationTarget, PhaseFile.Kafka kafka, String direction)
            throws SQLException, InterruptedException {
        Set<String> domains = new TreeSet<>(Set.of(direction));
        try (Connection connection = replicationTarget.open()) {
            domains.addAll(Directions.domains(connection, direction));
        }
        try (Admin admin = Admin.create(settings(kafka))) {
            admin.listGroups().all().get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS).stream()
                    .map(GroupListing::groupId)
                    .filter(group -> DomainNames.direction(group).equals(direction))
                    .forEach(domains::add);
        } catch (ExecutionException e) {
            throw unreachable(kafka, e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(kafka, e);
        }
        return domains;
    }

    private static Map<String, Object> settings(PhaseFile.Kafka kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.properties());
        settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        return settings;
    }

    /** @throws RefusedException if an applier of the domain still runs somewhere */
    static void group(PhaseFile.Kafka kafka, String domain) throws InterruptedException {
        try (Admin admin = Admin.create(settings(kafka))) {
            admin.deleteConsumerGroups(List.of(domain)).all().get(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupNotEmptyException) {
                throw new RefusedException(
                        "an applier of " + domain + " still runs somewhere",
                        "stop it (or wait until Kafka has noticed its end)",
                        e);
            }
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw unreachable(kafka, e.getCause());
            }
        } catch (TimeoutException e) {
            throw unreachable(kafka, e);
        }
    }

    private static RefusedException unreachable(PhaseFile.Kafka kafka, Throwable cause) {
        return new RefusedException(
                "cannot use Kafka at " + kafka.bootstrapServers() + ": " + cause.getMessage(),
                "check kafka.bootstrap-servers, and that the broker runs",
                cause);
    }

    /** What stands aside is forgotten with the rest: the rows will be loaded again. */
    static void ledger(Database replicationTarget, String direction, Set<String> domains) throws SQLException {
        try (Connection connection = replicationTarget.open()) {
            connection.setAutoCommit(false);
            for (String table : List.of("_godwit.applied", "_godwit.domain", "_godwit.dead_letter")) {
                for (String domain : domains) {
                    delete(connection, table, "domain", domain);
                    delete(connection, table, "domain", DeadLetterReplay.targetDomain(domain));
                }
            }
            delete(connection, "_godwit.direction", "direction", direction);
            delete(connection, "_godwit.captured_table", "direction", direction);
            connection.commit();
        } catch (SQLException e) {
            if (!Ledger.isNotThereYet(e)) {
                throw e;
            }
            // There is no ledger, so there is nothing to forget.
        }
    }

    private static void delete(Connection connection, String table, String column, String name) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE " + column + " = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
        }
    }
}
