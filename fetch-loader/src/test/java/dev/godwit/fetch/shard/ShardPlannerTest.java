package dev.godwit.fetch.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.TestDatabases;
import dev.godwit.fetch.plan.TablePlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardPlannerTest {
    private static List<String> ranges(long pages, long shardPages, boolean selfReference) {
        TablePlan table = new TablePlan(MappedTable.of(TestDatabases.all("public.t")), null, Set.of(), selfReference);
        return ShardPlanner.cut(table, pages, shardPages).stream()
                .map(Shard::range)
                .toList();
    }

    @Test
    void smallTableTravelsInOnePiece() {
        assertThat(ranges(0, 10, false)).containsExactly("");
        assertThat(ranges(10, 10, false)).containsExactly("");
    }

    @Test
    void rangesTouchEachOtherAndTheLastIsOpen() {
        assertThat(ranges(25, 10, false))
                .containsExactly(
                        "ctid < '(10,0)'::tid",
                        "ctid >= '(10,0)'::tid AND ctid < '(20,0)'::tid",
                        "ctid >= '(20,0)'::tid");
        assertThat(ranges(20, 10, false)).containsExactly("ctid < '(10,0)'::tid", "ctid >= '(10,0)'::tid");
        assertThat(ranges(11, 10, false)).containsExactly("ctid < '(10,0)'::tid", "ctid >= '(10,0)'::tid");
    }

    @Test
    void tableThatRefersToItselfStaysWhole() {
        assertThat(ranges(1000, 10, true)).containsExactly("");
    }
}
