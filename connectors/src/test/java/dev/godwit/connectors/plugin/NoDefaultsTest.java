package dev.godwit.connectors.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class NoDefaultsTest {
    private static final Schema ROW = SchemaBuilder.struct()
            .name("t.Value")
            .optional()
            .field("id", Schema.INT32_SCHEMA)
            .field(
                    "name",
                    SchemaBuilder.string().optional().defaultValue("standard").build())
            .build();
    private static final Schema ENVELOPE = SchemaBuilder.struct()
            .name("t.Envelope")
            .field("before", ROW)
            .field("after", ROW)
            .field("op", Schema.STRING_SCHEMA)
            .build();

    private final NoDefaults<SourceRecord> noDefaults = new NoDefaults<>();

    private static SourceRecord message(String name) {
        Struct after = new Struct(ROW).put("id", 1).put("name", name);
        Struct value = new Struct(ENVELOPE).put("after", after).put("op", "u");
        return new SourceRecord(Map.of(), Map.of(), "t", 0, null, null, ENVELOPE, value);
    }

    @Test
    void aNullStaysANullForWhoeverAsksForTheValue() {
        SourceRecord plain = message(null);
        assertThat(((Struct) plain.value()).getStruct("after").get("name"))
                .as("what converters see without us")
                .isEqualTo("standard");

        Struct value = (Struct) noDefaults.apply(plain).value();

        assertThat(value.getStruct("after").get("name")).isNull();
        assertThat(value.getStruct("after").get("id")).isEqualTo(1);
        assertThat(value.get("before")).isNull();
        assertThat(value.schema().field("after").schema().name()).isEqualTo("t.Value");
    }

    @Test
    void everyMessageOfATableHasTheSameSchemaObject() {
        Schema first = noDefaults.apply(message("a")).valueSchema();
        Schema second = noDefaults.apply(message("b")).valueSchema();

        assertThat(first).as("converters look schemas up by object").isSameAs(second);
        assertThat(((Struct) noDefaults.apply(message("b")).value())
                        .getStruct("after")
                        .get("name"))
                .isEqualTo("b");
    }
}
