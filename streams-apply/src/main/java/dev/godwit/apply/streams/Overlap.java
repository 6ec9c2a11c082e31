package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ApplyException;
import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ledger.Directions;
import dev.godwit.apply.ledger.DomainNames;
import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Mode immediate does not know echoes, so the opposite direction must not be applied at the same time: see {@link Echoes}. */
final class Overlap {
    private Overlap() {}

    /** @throws RefusedException if the opposite direction is being applied, and one of the two is in mode immediate */
    static void refuse(ApplyConfig config, Admin admin) {
        String opposite = DomainNames.opposite(config.direction());
        if (opposite.isEmpty()) {
            return;
        }
        Optional<Directions.Layout> layout = layout(config, opposite);
        boolean immediate = config.mode() == ApplyMode.IMMEDIATE
                || layout.map(Directions.Layout::mode).orElse(config.mode()) == ApplyMode.IMMEDIATE;
        if (!immediate || layout.isEmpty()) {
            return;
        }
        for (String group : groups(opposite, layout.get())) {
            if (hasMembers(config, admin, group)) {
                throw new RefusedException(
                        "the opposite direction, " + opposite + ", is being applied in mode "
                                + layout.get().mode().label() + " (consumer group " + group
                                + " has members), and this one, "
                                + config.direction() + ", would be in mode "
                                + config.mode().label()
                                + ": mode immediate cannot tell changes from their echoes",
                        "stop the applier of " + opposite
                                + " first, or use mode consistent or grouped for both directions");
            }
        }
    }

    /** The opposite direction writes what this one reads: its ledger is there. */
    private static Optional<Directions.Layout> layout(ApplyConfig config, String opposite) {
        try (Connection connection = config.replicationSource().open()) {
            return Directions.read(connection, opposite);
        } catch (SQLException e) {
            throw new RefusedException(
                    "cannot read the ledger of the " + config.replicationSource() + ": " + e.getMessage(),
                    "check that the user may use the schema _godwit",
                    e);
        }
    }

    private static List<String> groups(String opposite, Directions.Layout layout) {
        return layout.mode() == ApplyMode.IMMEDIATE ? List.of(opposite) : layout.domains();
    }

    private static boolean hasMembers(ApplyConfig config, Admin admin, String group) {
        try {
            ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group))
                    .all()
                    .get(10, TimeUnit.SECONDS)
                    .get(group);
            return !description.members().isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw InputTopics.unusable(config, e);
        } catch (TimeoutException e) {
            throw InputTopics.unusable(config, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApplyException("interrupted while looking at group " + group, e);
        }
    }
}
