package dev.godwit.verify.live;

import dev.godwit.database.catalog.TableName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ordering domains of one direction whose consistent points tell when a table is applied: in mode consistent one for all tables, in mode grouped
 * that of the table's group, in mode immediate all of them, as each has a part of the rows. Immutable.
 *
 * @param name of the direction, or of the one domain that was asked for
 * @param all of them
 * @param ofTables those tables that one domain applies alone
 */
public record LiveDomains(String name, List<String> all, Map<TableName, String> ofTables) {
    public LiveDomains {
        all = List.copyOf(all);
        ofTables = Map.copyOf(ofTables);
    }

    /** One domain, whatever the table. */
    public static LiveDomains single(String domain) {
        return new LiveDomains(domain, List.of(domain), Map.of());
    }

    /** Whose consistent points must have passed before all of these tables are applied. */
    public Set<String> of(Collection<TableName> tables) {
        Set<String> domains = new TreeSet<>();
        for (TableName table : tables) {
            String domain = ofTables.get(table);
            if (domain == null) {
                return new TreeSet<>(all);
            }
            domains.add(domain);
        }
        return domains;
    }
}
