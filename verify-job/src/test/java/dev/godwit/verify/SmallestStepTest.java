package dev.godwit.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;

/** Between two PostgreSQL: all its types. */
@ExtendWith(TwoDatabases.class)
class SmallestStepTest extends SmallestStepContract {
    @Override
    String schema() {
        return "s.";
    }

    @Override
    VerifyRequest request() {
        return TwoDatabases.request();
    }

    @Override
    Map<String, Supplier<VerifyReport>> ways() {
        Map<String, Supplier<VerifyReport>> ways = new LinkedHashMap<>();
        for (Ways way : Ways.values()) {
            ways.put(way.name(), () -> way.verify(request(), VerifyListener.SILENT));
        }
        return ways;
    }

    @Override
    void types() {
        both("CREATE TYPE s.mood AS ENUM ('sad', 'ok', 'Ok')");
        type("boolean").differ("true", "false").differ(null, "false");
        type("smallint").differ("32767", "32766").differ("0", null);
        type("bigint").differ("9223372036854775807", "9223372036854775806").differ("-1", "1");
        type("numeric")
                .differ("12345678901234567890.123456789", "12345678901234567890.123456788")
                .differ("NaN", "Infinity")
                .differ("0", null)
                .same("1.0", "1.00")
                .same("1e-20", "0.00000000000000000001")
                .same("-0", "0.000");
        type("real")
                .differ("0.1", "0.10000001")
                .differ("0", "-0")
                .differ("NaN", "Infinity")
                .same("NaN", "NaN");
        type("double precision")
                .differ("0.1", "0.10000000000000002")
                .differ("0", "-0")
                .differ("Infinity", "-Infinity")
                .same("1e3", "1000");
        type("text")
                .differ("a", "a ")
                .differ("", null)
                .differ("\u00e9", "e\u0301")
                .differ("i", "\u0131")
                .differ("a\n", "a")
                .differ("NULL", null)
                .same("\uD83D\uDC26'\"\\", "\uD83D\uDC26'\"\\");
        type("varchar(10)").differ("a", "a ").differ("", null);
        type("char(5)").differ("a", " a").differ("", null).same("a", "a  ");
        type("bytea").differ("\\x00", "\\x").differ("\\x", null).differ("\\xff00", "\\xff01");
        type("uuid")
                .differ("63616665-6630-3064-6465-616462656566", "63616665-6630-3064-6465-616462656567")
                .same("63616665-6630-3064-6465-61646265656F", "63616665663030646465-61646265656f");
        type("date")
                .differ("2024-02-29", "2024-03-01")
                .differ("infinity", "5874897-12-31")
                .differ("0001-01-01", "0001-01-01 BC");
        type("time").differ("23:59:59.999999", "24:00:00").differ("00:00:00", "00:00:00.000001");
        type("timetz").differ("12:00:00+00", "13:00:00+01").same("12:00:00+02", "12:00:00+02:00:00");
        type("timestamp")
                .differ("2024-06-30 03:00:00.123456", "2024-06-30 03:00:00.123457")
                .differ("infinity", "294276-12-31 23:59:59.999999")
                .differ("1969-12-31 23:59:59.999999", "1970-01-01 00:00:00");
        type("timestamptz")
                .differ("2024-06-30 03:00:00.123456+00", "2024-06-30 03:00:00.123457+00")
                .same("2024-06-30 03:00:00+00", "2024-06-30 08:30:00+05:30");
        type("interval")
                .differ("1 mon", "30 days")
                .differ("1 day", "24:00:00")
                .differ("00:00:00", "00:00:00.000001")
                .same("1 year 1 mon", "13 mons")
                .same("3 days 04:05:06.7", "P3DT4H5M6.7S");
        type("json")
                .differ("{\"a\": 1}", "{\"a\": \"1\"}")
                .differ("null", null)
                .differ("[1,2]", "[2,1]")
                .differ("{\"a\":null}", "{}")
                .same("{\"a\": 1.0, \"b\": [true]}", "{\"b\":[true],\"a\":1}");
        type("jsonb")
                .differ("12345678901234567890.1", "12345678901234567890.2")
                .differ("null", null)
                .differ("\"\"", null)
                .differ("true", "\"true\"")
                .same("{\"a\": 1.0, \"b\": 2}", "{\"b\": 2, \"a\": 1}")
                .same("[".repeat(3000) + "1" + "]".repeat(3000), "[".repeat(3000) + "1.0" + "]".repeat(3000));
        type("inet")
                .differ("10.0.0.1", "10.0.0.1/24")
                .differ("::ffff:1.2.3.4", "1.2.3.4")
                .same("::1", "0:0::1/128");
        type("bit(3)").differ("101", "100");
        type("varbit").differ("1", "10").differ("", null);
        type("s.mood").differ("ok", "Ok").differ("sad", null);
        type("int[]")
                .differ("{1,2}", "{2,1}")
                .differ("{}", null)
                .differ("{}", "{NULL}")
                .differ("{1,2}", "{{1},{2}}")
                .differ("[0:1]={1,2}", "{1,2}");
        type("numeric[]").differ("{1.1}", "{1.2}").same("{1.0,NULL}", "{1.00,null}");
        type("text[]")
                .differ("{NULL}", "{\"NULL\"}")
                .differ("{\"\"}", "{}")
                .differ("{\"a,b\"}", "{a,b}")
                .differ("{a}", "{\"a \"}");
        type("timestamptz[]").differ("{2024-06-30 03:00:00.1+00}", "{2024-06-30 03:00:00.2+00}");
        domainsAndArrays();
        ranges();
        composites();
        otherBuiltIns();
    }

    private void domainsAndArrays() {
        both(
                "CREATE DOMAIN s.amount AS numeric(12,2); CREATE DOMAIN s.code AS char(4); CREATE DOMAIN s.moods AS s.mood[]");
        type("s.amount").differ("0.01", "0.02").differ(null, "0.00").same("1.5", "1.50");
        type("s.code").differ("a", "b").differ("", null).same("a", "a   ");
        type("s.moods").differ("{ok}", "{Ok}").differ("{}", null).same("{ok,NULL}", "{\"ok\",null}");
        type("varchar(5)[]").differ("{a}", "{\"a \"}").same("{a}", "{\"a\"}");
        type("bytea[]").differ("{\"\\\\x00\"}", "{\"\\\\x\"}");
        type("real[]").differ("{0}", "{-0}").same("{1e3}", "{1000}");
        type("jsonb[]").differ("{1}", "{2}").same("{\"{\\\"a\\\": 1.0}\"}", "{\"{\\\"a\\\": 1.00}\"}");
        type("date[]").differ("{2024-02-29}", "{2024-03-01}").differ("{NULL}", "{}");
        type("s.mood[][]").differ("{{ok},{Ok}}", "{{Ok},{ok}}").differ("{{ok,Ok}}", "{ok,Ok}");
    }

    private void ranges() {
        type("int4range").differ("[1,5)", "[1,6)").differ("empty", null).same("[1,4]", "[1,5)");
        type("int8range").differ("[1,)", "[1,9223372036854775807)").differ("(,)", null);
        type("numrange")
                .differ("[1.0,2.0)", "[1.0,2.0]")
                .differ("[1.1,2)", "[1.2,2)")
                .same("[1.0,2)", "[1.00,2.0)");
        type("tsrange")
                .differ("[2024-01-01 00:00:00,)", "[2024-01-01 00:00:00.000001,)")
                .same("[2024-01-01,)", "[2024-01-01 00:00:00,)");
        type("tstzrange")
                .same("[2024-01-01 00:00+00,)", "[2024-01-01 05:30+05:30,)")
                .differ("empty", "(,)");
        type("daterange")
                .differ("[2024-02-29,2024-03-02)", "[2024-02-28,2024-03-02)")
                .same("(2024-01-01,)", "[2024-01-02,)");
        type("int4multirange")
                .differ("{[1,3),[5,7)}", "{[1,3),[5,8)}")
                .differ("{}", null)
                .same("{[1,3),[3,5)}", "{[1,5)}");
        type("nummultirange").differ("{[1.0,2)}", "{[1.0,2]}").same("{[1.0,2)}", "{[1,2.0)}");
        type("datemultirange").differ("{[2024-01-01,2024-01-03)}", "{[2024-01-01,2024-01-04)}");
        type("int4range[]").differ("{\"[1,3)\"}", "{\"[1,4)\"}").same("{\"[1,2]\"}", "{\"[1,3)\"}");
    }

    private void composites() {
        both("CREATE TYPE s.pair AS (a int, b text); CREATE TYPE s.deep AS (p s.pair, at timestamptz)");
        type("s.pair")
                .differ("(1,a)", "(1,\"a \")")
                .differ("(1,)", "(1,\"\")")
                .differ("(,)", null)
                .same("( 1,a)", "(1,\"a\")");
        type("s.deep")
                .differ("(\"(1,a)\",2024-01-01 00:00+00)", "(\"(1,a)\",2024-01-01 00:00:00.000001+00)")
                .same("(\"(1,a)\",2024-01-01 00:00+00)", "(\"(1,a)\",2024-01-01 01:00+01)");
        type("s.pair[]").differ("{\"(1,a)\"}", "{\"(2,a)\"}").differ("{NULL}", "{\"(,)\"}");
    }

    private void otherBuiltIns() {
        type("money").differ("1.00", "1.01").differ("-0.01", "0.01").same("1", "1.00");
        type("name").differ("a", "A").differ("", null);
        type("\"char\"").differ("a", "b").differ("", null);
        type("oid").differ("1", "2").same("4294967295", "-1");
        type("cidr").differ("10.0.0.0/8", "10.0.0.0/9").same("10", "10.0.0.0/8");
        type("macaddr").differ("08:00:2b:01:02:03", "08:00:2b:01:02:04").same("08002b:010203", "08-00-2b-01-02-03");
        type("macaddr8").differ("08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:06");
        type("point")
                .differ("(0.1,2)", "(0.10000000000000002,2)")
                .differ("(0,0)", "(-0,0)")
                .same("( 1, 2 )", "(1,2)");
        type("line").differ("{1,2,3}", "{1,2,4}");
        type("lseg").differ("[(0,0),(1,1)]", "[(0,0),(1,2)]");
        type("box").differ("(1,1),(0,0)", "(1,2),(0,0)").same("(0,0),(1,1)", "(1,1),(0,0)");
        type("path").differ("((0,0),(1,1))", "[(0,0),(1,1)]");
        type("polygon").differ("((0,0),(1,1))", "((0,0),(1,2))");
        type("circle").differ("<(0,0),1>", "<(0,0),2>");
        type("tsvector").differ("'a':1", "'a':2").same("b a", "a b");
        type("tsquery").differ("a & b", "a | b");
        type("jsonpath").differ("$.a", "$.b").same("$.a", "$.\"a\"");
        type("pg_lsn").differ("0/1", "0/2").same("0/0A", "0/A");
        type("xid8").differ("1", "2");
        type("pg_snapshot").differ("10:20:", "10:21:");
        type("regtype").differ("int4", "int8").same("int4", "integer");
        type("int2vector").differ("1 2", "2 1");
        type("xml").differ("<a/>", "<a></a>").differ("", null);
        type("timestamp(3)").differ("2024-01-01 00:00:00.001", "2024-01-01 00:00:00.002");
        type("interval hour to minute").differ("01:01", "01:02");
        type("numeric(10,-2)").differ("100", "200").same("149", "100");
        type("numeric(4,6)").differ("0.000001", "0.000002");
    }

    private void both(String sql) {
        onSource(sql);
        onTarget(sql);
    }
}
