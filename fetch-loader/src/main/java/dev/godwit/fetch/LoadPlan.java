package dev.godwit.fetch;

import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The tables of a load, parents before children. */
record LoadPlan(List<TablePlan> tables) {
    LoadPlan {
        tables = List.copyOf(tables);
    }

    List<TableName> names() {
        return tables.stream().map(TablePlan::name).toList();
    }

    List<TablePlan> childrenFirst() {
        List<TablePlan> reversed = new ArrayList<>(tables);
        Collections.reverse(reversed);
        return reversed;
    }
}
