package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values as Debezium 3.6.1 has sent them. */
class DebeziumMysqlValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "BOOLEAN | tinyint(1)        | tinyint| -1 | 1                   | true",
                "BOOLEAN | tinyint(1)        | tinyint| -1 | 0                   | false",
                "TEXT    | enum('ok')        | enum   | -1 | \"ok\"              | ok",
                "INTEGER | int unsigned      | int    | 0  | -1                  | 4294967295",
                "INTEGER | mediumint unsigned| int4   | 0  | -1                  | 16777215",
                "INTEGER | int               | int4   | 0  | -1                  | -1",
                "DECIMAL | bigint unsigned   | bigint | 0  | -1                  | 18446744073709551615",
                "DECIMAL | bigint unsigned   | bigint | 0  | 18446744073709551615| 18446744073709551615",
                "DECIMAL | decimal(9,2)      | decimal| 0  | \"12.30\"           | 12.30",
                "INTEGER | year              | int2   | 0  | 1900                | 0",
                "INTEGER | year              | int2   | 0  | 1901                | 1901",
                "FLOAT8  | double            | double | 0  | -0.0                | -0.0",
                "BIT     | bit(11)           | bit    | 11 | \"AQQ=\"            | 10000000001",
                "BIT     | bit(1)            | bit    | 1  | true                | 1",
                "BYTES   | binary(3)         | binary | 3  | \"00ff\"            | \\x00ff00",
                "BYTES   | blob              | blob   | -1 | \"\"                | \\x",
                "DATE    | date              | date   | -1 | -354285             | 1000-01-01",
                "DATE    | date              | date   | -1 | \"2020-02-02\"      | 2020-02-02",
                "TIME    | time(3)           | time   | 3  | -3020399000000      | -838:59:59.000000",
                "INTERVAL | time(3)          | time   | 3  | 3020399000000       | 838:59:59.000000",
                "TIMESTAMP | datetime(6)     | datetime | 6 | -30610223999999999 | 1000-01-01 00:00:00.000001",
                "TIMESTAMPTZ | timestamp(6)  | timestamp | 6 | \"2038-01-19T03:14:07.999999Z\" | 2038-01-19T03:14:07.999999Z",
                "ENUM    | enum('it''s')     | enum   | -1 | \"it's\"            | it's"
            })
    void areReadWithoutLoss(TypeKind kind, String name, String base, int modifier, String json, String text)
            throws Exception {
        ColumnType type = new ColumnType(kind, name, base, modifier, null, base, List.of());
        assertThat(new DebeziumMysqlValues().text(type, Json.parse(json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(text);
    }

    @Test
    void aNumberThatIsNoBooleanIsRefused() {
        ColumnType type = new ColumnType(TypeKind.BOOLEAN, "tinyint(1)", "tinyint", -1, null, "tinyint", List.of());
        assertThatThrownBy(() -> new DebeziumMysqlValues().text(type, new Json.Numeral("2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is 2");
    }
}
