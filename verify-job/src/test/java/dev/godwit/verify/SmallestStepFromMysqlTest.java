package dev.godwit.verify;

import dev.godwit.database.catalog.TableSelection;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.verify.CompareSettings.Method;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** From MySQL: all its types, and what they become. */
@ExtendWith(MysqlAndPostgres.class)
class SmallestStepFromMysqlTest extends SmallestStepContract {
    private static final CompareSettings SINGLE_ROWS =
            new CompareSettings(Method.CHECKSUM, OptionalInt.empty(), 100, 4, 1, Optional.empty());

    @Override
    String schema() {
        return "";
    }

    @Override
    VerifyRequest request() throws SQLException {
        List<TableSlice> slices = TableSelection.of("public", ".*")
                .from(MysqlAndPostgres.mysql().catalog())
                .stream()
                .map(table -> new TableSlice(table.name(), Optional.empty()))
                .toList();
        return new VerifyRequest(MysqlAndPostgres.mysql(), MysqlAndPostgres.postgres(), slices, 3, 1000, 10_000);
    }

    @Override
    Map<String, Supplier<VerifyReport>> ways() throws SQLException {
        VerifyRequest request = request();
        return Map.of(
                "checksum", () -> VerifyJob.run(request, VerifyListener.SILENT),
                "checksum of single rows", () -> VerifyJob.run(request.with(SINGLE_ROWS), VerifyListener.SILENT),
                "full",
                        () -> VerifyJob.run(
                                request.with(CompareSettings.DEFAULTS.with(Method.FULL)), VerifyListener.SILENT));
    }

    @Override
    void types() {
        onTarget("CREATE TYPE size AS ENUM ('Big', 'small', 'big')");
        type("BIGINT", "BIGINT").differ("9007199254740993", "9007199254740992").differ("0", null);
        type("BIGINT UNSIGNED", "NUMERIC(20)").differ("18446744073709551615", "18446744073709551614");
        type("YEAR", "INT2").differ("1999", "2000").same("2024", "2024");
        type("DECIMAL(65,30)", "NUMERIC(65,30)")
                .differ("0.000000000000000000000000000001", "0")
                .same("1.5", "1.50");
        type("DECIMAL(6,2)", "NUMERIC").differ("1.01", "1.02").same("1.50", "1.5");
        type("FLOAT", "REAL").differ("0.1", "0.10000001").same("1e3", "1000");
        type("DOUBLE", "DOUBLE PRECISION")
                .differ("0.1", "0.10000000000000002")
                .differ("0", "-0")
                .same("1e3", "1000");
        type("VARCHAR(10)", "VARCHAR(10)")
                .differ("a", "a ")
                .differ("a", "A")
                .differ("", null)
                .differ("e", "\u00e9");
        type("VARCHAR(10) CHARACTER SET latin1", "VARCHAR(10)")
                .differ("\u00fc", "u")
                .same("\u00fc", "\u00fc");
        type("LONGTEXT", "TEXT").differ("a", "a\t").same("\uD83D\uDC26'", "\uD83D\uDC26'");
        type("CHAR(5)", "CHAR(5)").differ("a", " a").differ("", null).same("a", "a  ");
        type("VARBINARY(5)", "BYTEA").differ("a", "\\x6100").differ("", null).same("a", "\\x61");
        type("DATE", "DATE").differ("2024-02-29", "2024-03-01");
        type("TIME(6)", "TIME").differ("23:59:59.999999", "23:59:59.999998").same("01:00:00", "01:00:00.000");
        type("DATETIME(6)", "TIMESTAMP")
                .differ("2024-06-30 03:00:00.123456", "2024-06-30 03:00:00.123457")
                .same("2024-06-30 03:00:00.100000", "2024-06-30 03:00:00.1");
        type("TIMESTAMP(6) NULL", "TIMESTAMPTZ")
                .differ("2024-06-30 03:00:00.123456", "2024-06-30 03:00:00.123457+00")
                .same("2024-06-30 03:00:00", "2024-06-30 08:30:00+05:30");
        type("JSON", "JSONB")
                .differ("{\"a\": 1}", "{\"a\": \"1\"}")
                .differ("null", null)
                .same("{\"b\": 1, \"aa\": 2}", "{\"aa\": 2, \"b\": 1.0}");
        type("ENUM('small','Big')", "size").differ("Big", "big").differ("small", null);
        type("SET('a','b')", "TEXT").differ("a,b", "b,a").differ("", null);
    }
}
