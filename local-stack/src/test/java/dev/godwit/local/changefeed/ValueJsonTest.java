package dev.godwit.local.changefeed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.local.changefeed.ValueFormat.FeedType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueJsonTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    bool        | t                                | true
                    bool        | f                                | false
                    int8        | 9223372036854775807              | 9223372036854775807
                    int8        | -9223372036854775808             | -9223372036854775808
                    numeric     | 12345678901234567890.1234567890  | 12345678901234567890.1234567890
                    numeric     | 0.00                             | 0.00
                    numeric     | 0.000000000000000000000000000001 | 1E-30
                    numeric     | -Infinity                        | "-Infinity"
                    numeric     | NaN                              | "NaN"
                    float8      | 0.1                              | 0.1
                    float8      | -0                               | -0
                    float8      | 1e+30                            | 1E+30
                    float8      | 5e-324                           | 5E-324
                    float8      | Infinity                         | "Infinity"
                    float4      | NaN                              | "NaN"
                    text        | say "a\\b"                       | "say \\"a\\\\b\\""
                    bpchar      | `c    `                          | "c"
                    bytea       | \\x00ff10                        | "\\\\x00ff10"
                    uuid        | 00000000-0000-0000-0000-000000000000 | "00000000-0000-0000-0000-000000000000"
                    date        | 2024-02-29                       | "2024-02-29"
                    date        | infinity                         | "infinity"
                    date        | -infinity                        | "-infinity"
                    time        | 24:00:00                         | "24:00:00"
                    timetz      | 12:34:56.789+02                  | "12:34:56.789+02:00:00"
                    timetz      | 12:34:56-05:30                   | "12:34:56-05:30:00"
                    timetz      | 12:34:56+05:30:15                | "12:34:56+05:30:15"
                    timestamp   | 1999-12-31 23:59:59.999999       | "1999-12-31T23:59:59.999999"
                    timestamp   | infinity                         | "294276-12-31T23:59:59.999999"
                    timestamp   | -infinity                        | "-4713-11-24T00:00:00"
                    timestamp   | 0044-03-15 12:00:00 BC           | "-0043-03-15T12:00:00"
                    timestamp   | 0001-01-01 00:00:00 BC           | "0000-01-01T00:00:00"
                    timestamptz | 2024-06-30 03:00:00.123456+00    | "2024-06-30T03:00:00.123456Z"
                    timestamptz | 0044-03-15 12:00:00+00 BC        | "-0043-03-15T12:00:00Z"
                    timestamptz | infinity                         | "294276-12-31T23:59:59.999999Z"
                    interval    | -1 days +02:03:04                | "-1 days +02:03:04"
                    jsonb       | null                             | {"__crdb_json_null__": true}
                    jsonb       | "null"                           | "null"
                    jsonb       | {"a": [1, 2.50, null]}           | {"a": [1, 2.50, null]}
                    jsonb       | 123456789012345678901234567890.10 | 123456789012345678901234567890.10
                    varbit      | 101                              | "101"
                    """)
    void writesWhatCockroachDbWrites(String type, String text, String json) {
        assertThat(json(type, false, text)).isEqualTo(json);
    }

    @Test
    void writesNullAndEmptyText() {
        assertThat(json("text", false, null)).isEqualTo("null");
        assertThat(json("text", false, "")).isEqualTo("\"\"");
        assertThat(json("varbit", false, "")).isEqualTo("\"\"");
        assertThat(json("bpchar", false, "     ")).isEqualTo("\"\"");
    }

    @Test
    void escapesControlCharactersAndNothingElse() {
        assertThat(json("text", false, "a\nb\tc\u0001d\u007fé🐦</x>")).isEqualTo("\"a\\nb\\tc\\u0001d\u007fé🐦</x>\"");
    }

    @Test
    void writesArrays() {
        assertThat(json("int4", true, "{}")).isEqualTo("[]");
        assertThat(json("int4", true, "{1,NULL,3}")).isEqualTo("[1, null, 3]");
        assertThat(json("text", true, "{a,\"b\\\"c\",NULL,\"NULL\",\"\",\"x,y\",\"{}\",\"\\\\\"}"))
                .isEqualTo("[\"a\", \"b\\\"c\", null, \"NULL\", \"\", \"x,y\", \"{}\", \"\\\\\"]");
        assertThat(json("timestamp", true, "{\"2024-01-01 00:00:00\",infinity}"))
                .isEqualTo("[\"2024-01-01T00:00:00\", \"294276-12-31T23:59:59.999999\"]");
        assertThat(json("int4", true, "[0:1]={7,8}")).isEqualTo("[7, 8]");
        assertThat(json("int4", true, "{{1,2},{3,4}}")).isEqualTo("[[1, 2], [3, 4]]");
    }

    @Test
    void hashesKeysAsFnv1a() {
        // Published vectors of FNV-1a: "a" is e40c292c, "foobar" is bf9cf968; as signed numbers both are negative.
        assertThat(ChangefeedTopics.partition("a", 1000)).isEqualTo(Math.abs(0xe40c292c % 1000));
        assertThat(ChangefeedTopics.partition("foobar", 7)).isEqualTo(Math.abs(0xbf9cf968 % 7));
        assertThat(ChangefeedTopics.partition("[1]", 1)).isZero();
    }

    @Test
    void ordersTimestampsAsTwoNumbersAndKeepsThemGrowing() {
        HlcTimestamp first = HlcTimestamp.parse("1795344032807674587.0000000009");
        assertThat(first.next(1795344032807674588L)).hasToString("1795344032807674588.0000000000");
        assertThat(first.next(1795344032807674587L)).hasToString("1795344032807674587.0000000010");
        assertThat(first.next(5)).isGreaterThan(first);
        assertThat(new HlcTimestamp(5, 10)).isGreaterThan(new HlcTimestamp(5, 9));
    }

    private static String json(String type, boolean array, String text) {
        StringBuilder out = new StringBuilder();
        ValueJson.append(out, new FeedType(ValueFormat.of(type), array), text);
        return out.toString();
    }
}
