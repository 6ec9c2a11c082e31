package dev.godwit.connectors.plugin.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedTableTest {

    /** Before v25.4 CockroachDB writes quotes around each part that needs them in SQL, and what needs them differs between versions. */
    @Test
    void knowsATableWithAndWithoutQuotes() {
        List<WatchedTable> tables = WatchedTable.list("shop.public.order, \"Shop\".public.\"a\"\"b\"");

        assertThat(tables.get(0).spellings())
                .contains("shop.public.order", "shop.public.\"order\"", "\"shop\".\"public\".\"order\"")
                .hasSize(8);
        assertThat(tables.get(1).spellings()).contains("Shop.public.a\"b", "\"Shop\".public.\"a\"\"b\"");
        assertThat(tables.get(0).topic("p.")).isEqualTo("p.shop.public.order");
    }
}
