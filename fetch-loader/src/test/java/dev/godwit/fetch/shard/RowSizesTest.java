package dev.godwit.fetch.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowSizesTest {
    private static final TableName TABLE = TableName.parse("public.t");

    private static RefusedException refusal(long whole, long bytesMax) {
        return catchThrowableOfType(
                RefusedException.class,
                () -> RowSizes.requirePossible(
                        TABLE, List.of("a", "b", "c"), List.of(5L, whole - 10, 5L), whole, bytesMax));
    }

    @Test
    void whatFitsIsLetThrough() {
        assertThat(refusal(1_000, 1_000)).isNull();
    }

    @Test
    void whatThereIsNoMemoryForIsRefusedWithTheMemoryThatWouldDo() {
        assertThat(refusal(400L << 20, 128L << 20))
                .hasMessageContaining("column public.t.b: a value has ")
                .extracting(RefusedException::remedy)
                .asString()
                .contains("-Xmx1064m");
    }

    @Test
    void whatPostgresCannotSendIsRefusedWhateverTheMemory() {
        assertThat(refusal(1L << 30, Long.MAX_VALUE)).hasMessageContaining("more than PostgreSQL can send in one row");
        assertThat(refusal((1L << 30) - 1, Long.MAX_VALUE)).isNull();
    }
}
