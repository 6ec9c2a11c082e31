package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which tables a connector captures beyond those that it was deployed with. */
final class AddedTables {
    /** The setting of Debezium that names the captured tables. */
    static final String SETTING = "table.include.list";

    private AddedTables() {}

    /**
     * @param captured what is to be captured
     * @param entry how a table stands in the list
     * @param deployed the configuration of the connector as it is
     * @return those that are not in it; may be empty
     * @throws RefusedException if it captures a table that is not to be captured any more
     */
    static List<TableName> of(
            List<TableName> captured, Function<TableName, String> entry, Map<String, String> deployed) {
        Set<String> before = entries(deployed);
        Set<String> gone = new LinkedHashSet<>(before);
        gone.removeAll(captured.stream().map(entry).collect(Collectors.toSet()));
        if (!gone.isEmpty()) {
            throw new RefusedException(
                    "the connector captures tables that are not given: " + String.join(", ", gone),
                    "give all tables of the phase, and those that are added");
        }
        return captured.stream()
                .filter(table -> !before.contains(entry.apply(table)))
                .toList();
    }

    /** Whether two configurations capture the same tables, in whatever order they name them. */
    static boolean areSame(Map<String, String> configuration, Map<String, String> other) {
        return entries(configuration).equals(entries(other));
    }

    private static Set<String> entries(Map<String, String> configuration) {
        return new LinkedHashSet<>(
                List.of(configuration.getOrDefault(SETTING, "").split(",")));
    }
}
