package dev.godwit.verify;

import dev.godwit.verify.CompareSettings.Method;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** From PostgreSQL into a real CockroachDB, if there is one. */
@ExtendWith({CockroachTarget.class, TwoDatabases.class})
class SmallestStepIntoCockroachTest extends SmallestStepContract {
    private static final CompareSettings SINGLE_ROWS =
            new CompareSettings(Method.CHECKSUM, OptionalInt.empty(), 100, 4, 1, Optional.empty());

    @Override
    String schema() {
        return "s.";
    }

    @Override
    VerifyRequest request() {
        return TwoDatabases.request(CockroachTarget.database());
    }

    @Override
    Map<String, Supplier<VerifyReport>> ways() {
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
        type("BOOL").differ("true", "false").differ(null, "false");
        type("INT2", "INT8").differ("32767", "32766").same("1", "1");
        type("INT8").differ("9223372036854775807", "9223372036854775806").differ("0", null);
        type("NUMERIC")
                .differ("12345678901234567890.1", "12345678901234567890.2")
                .same("1.0", "1.00");
        type("NUMERIC(12,2)").differ("0.01", "0.02").same("1.5", "1.50");
        type("REAL").differ("0.1", "0.10000001").differ("0", "-0").same("NaN", "NaN");
        type("DOUBLE PRECISION")
                .differ("0.1", "0.10000000000000002")
                .differ("Infinity", "-Infinity")
                .same("1e3", "1000");
        type("TEXT")
                .differ("a", "a ")
                .differ("", null)
                .differ("\u00e9", "e\u0301")
                .same("\uD83D\uDC26'", "\uD83D\uDC26'");
        type("VARCHAR(10)").differ("a", "a ").differ("", null);
        type("CHAR(5)").differ("a", " a").same("a", "a  ");
        type("BYTEA").differ("\\x00", "\\x").differ("\\x", null);
        type("UUID").differ("63616665-6630-3064-6465-616462656566", "63616665-6630-3064-6465-616462656567");
        type("DATE").differ("2024-02-29", "2024-03-01");
        type("TIME").differ("23:59:59.999999", "23:59:59.999998");
        type("TIMESTAMP").differ("2024-06-30 03:00:00.123456", "2024-06-30 03:00:00.123457");
        type("TIMESTAMPTZ")
                .differ("2024-06-30 03:00:00.123456+00", "2024-06-30 03:00:00.123457+00")
                .same("2024-06-30 03:00:00+00", "2024-06-30 08:30:00+05:30");
        type("INTERVAL")
                .differ("1 mon", "30 days")
                .differ("00:00:00", "00:00:00.000001")
                .same("1 year 1 mon", "13 mons");
        type("JSONB")
                .differ("{\"a\": 1}", "{\"a\": \"1\"}")
                .differ("null", null)
                .same("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}");
        type("INET").differ("10.0.0.1", "10.0.0.1/24");
        type("BIT(3)").differ("101", "100");
        type("VARBIT").differ("1", "10");
        type("INT8[]").differ("{1,2}", "{2,1}").differ("{}", null);
        type("TEXT[]").differ("{NULL}", "{\"NULL\"}").differ("{\"a,b\"}", "{a,b}");
    }
}
