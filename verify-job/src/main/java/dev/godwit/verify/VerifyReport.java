package dev.godwit.verify;

import dev.godwit.database.catalog.StructureDifference;
import java.time.Duration;
import java.util.List;

/**
 * The outcome of a comparison that went through.
 *
 * @param tables one per slice, in the order of the request; none if only the structure was compared
 * @param structure differences of structure; may be there although all rows are equal
 * @param warnings what differs in structure without any row being another; does not count as different
 */
public record VerifyReport(
        List<TableReport> tables,
        List<StructureDifference> structure,
        List<StructureDifference> warnings,
        Duration duration) {
    public VerifyReport {
        warnings = List.copyOf(warnings);
        tables = List.copyOf(tables);
        structure = List.copyOf(structure);
    }

    /** Whether structure and every row of every table were compared and found equal; without tables, the structure alone. */
    public boolean isEqual() {
        return structure.isEmpty() && tables.stream().allMatch(TableReport::isEqual);
    }

    /** The sums over all tables. */
    public RowCounts totals() {
        return tables.stream().map(TableReport::counts).reduce(RowCounts.NONE, RowCounts::plus);
    }
}
