package dev.godwit.fetch.plan;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.schema.RecreatedTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The tables of a load, parents before children.
 *
 * @param recreated the tables of the target, if they are made anew
 */
public record LoadPlan(List<TablePlan> tables, Optional<RecreatedTables> recreated) {
    public LoadPlan {
        tables = List.copyOf(tables);
    }

    public List<TableName> names() {
        return tables.stream().map(TablePlan::name).toList();
    }

    /** On the target, each once. */
    public List<TableName> targets() {
        return tables.stream().map(TablePlan::target).distinct().toList();
    }

    /** In words, a line each; who continues a load must mean the same. */
    public String described() {
        return tables.stream().map(TablePlan::described).sorted().collect(Collectors.joining("\n"));
    }

    public List<TablePlan> childrenFirst() {
        List<TablePlan> reversed = new ArrayList<>(tables);
        Collections.reverse(reversed);
        return reversed;
    }
}
