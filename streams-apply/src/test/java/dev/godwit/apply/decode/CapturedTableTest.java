package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Row;
import dev.godwit.apply.decode.SchemaChangedException.Mismatch;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.type.UnchangedValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CapturedTableTest {
    private static final Origin ORIGIN = new Origin(new TopicPartition("topic", 0), 7);
    private static final Table SOURCE =
            Samples.table("item", "id", "id:INTEGER,note:TEXT,total:INTEGER=,rowid:INTEGER-,fresh:TEXT");
    private static final Table TARGET = Samples.table("item", "id", "id:INTEGER,note:TEXT,total:INTEGER=,fresh:TEXT");
    private final CapturedTable table = new CapturedTable(SOURCE, TARGET, Set.of("gone"), new Lsn(100));

    @Test
    void aRowThatWasWrittenBeforeAColumnWasAddedIsWholeWithoutIt() throws IOException {
        Row row = row("{\"id\": 1, \"note\": \"n\"}");

        assertThat(row.isPartial()).isFalse();
        assertThat(row.isYounger(3)).isTrue();
        assertThatCode(() -> table.requireColumns(ORIGIN, row, new Lsn(100))).doesNotThrowAnyException();
    }

    @Test
    void aRowThatShouldHaveAColumnIsNotTakenWithoutIt() throws IOException {
        Row row = row("{\"id\": 1, \"note\": \"n\"}");

        SchemaChangedException refused = catchThrowableOfType(
                SchemaChangedException.class, () -> table.requireColumns(ORIGIN, row, new Lsn(101)));
        assertThat(refused.mismatch()).isEqualTo(Mismatch.MISSING_COLUMN);
        assertThat(refused).hasMessageContaining("\"fresh\" of public.item at topic-0@7");
    }

    @Test
    void whatIsComputedOrHiddenIsNotMissed() throws IOException {
        assertThat(row("{\"id\": 1, \"note\": \"n\", \"fresh\": null}").hasYounger())
                .isFalse();
    }

    @Test
    void anUnchangedValueIsNoMissingColumn() throws IOException {
        Row row = row("{\"id\": 1, \"note\": \"" + UnchangedValue.PLACEHOLDER + "\", \"fresh\": \"f\"}");

        assertThat(row.hasYounger()).isFalse();
        assertThat(row.isPartial()).isTrue();
    }

    @Test
    void aColumnThatNobodyHasIsRefusedUnlessItIsLeftOut() throws IOException {
        assertThatThrownBy(() -> row("{\"id\": 1, \"note\": \"n\", \"fresh\": \"f\", \"other\": 1}"))
                .isInstanceOf(SchemaChangedException.class)
                .hasMessageContaining("column \"other\" of public.item at topic-0@7")
                .hasMessageContaining("renamed");
        assertThat(row("{\"id\": 1, \"note\": \"n\", \"fresh\": \"f\", \"gone\": 1}")
                        .isPartial())
                .isFalse();
    }

    @Test
    void aValueThatTheTypeDoesNotAllowNamesItsColumn() {
        SchemaChangedException refused = catchThrowableOfType(
                SchemaChangedException.class, () -> row("{\"id\": \"one\", \"note\": \"n\", \"fresh\": \"f\"}"));
        assertThat(refused.mismatch()).isEqualTo(Mismatch.OTHER_TYPE);
        assertThat(refused).hasMessageContaining("column \"id\" of public.item at topic-0@7 cannot be read");
    }

    private Row row(String json) throws IOException {
        Json.Members members = (Json.Members) Json.parse(json.getBytes(StandardCharsets.UTF_8));
        return table.row(ORIGIN, members, new DebeziumPostgresValues());
    }
}
