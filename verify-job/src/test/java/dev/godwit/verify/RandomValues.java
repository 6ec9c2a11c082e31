package dev.godwit.verify;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/** Random values of a type, in the text form that PostgreSQL puts out, so that two different texts are two different values. */
enum RandomValues {
    BIGINT("bigint", true) {
        @Override
        String value(Random random) {
            return Long.toString(random.nextBoolean() ? random.nextLong() : random.nextInt(2000) - 1000);
        }
    },
    NUMERIC("numeric", true) {
        @Override
        String value(Random random) {
            BigDecimal number = new BigDecimal(new BigInteger(random.nextInt(40) + 1, random), random.nextInt(6));
            return (random.nextBoolean() ? number : number.negate())
                    .stripTrailingZeros()
                    .toPlainString();
        }

        @Override
        String disguised(String value) {
            return value.contains(".") ? value + "00" : value + ".0";
        }
    },
    TEXT("text", true) {
        @Override
        String value(Random random) {
            return word(random, 8);
        }
    },
    CHAR("char(8)", true) {
        @Override
        String value(Random random) {
            return word(random, 3).replaceAll(" +$", "");
        }
    },
    UUID_("uuid", true) {
        @Override
        String value(Random random) {
            return new UUID(random.nextLong(), random.nextLong()).toString();
        }
    },
    BYTEA("bytea", true) {
        @Override
        String value(Random random) {
            byte[] bytes = new byte[random.nextInt(4)];
            random.nextBytes(bytes);
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
    },
    BOOLEAN("boolean", true) {
        @Override
        String value(Random random) {
            return random.nextBoolean() ? "true" : "false";
        }
    },
    ENUM("s.mood", true) {
        @Override
        String value(Random random) {
            return List.of("zebra", "Ant", "ant", "mole", "\u00e9tude").get(random.nextInt(5));
        }
    },
    DATE("date", true) {
        @Override
        String value(Random random) {
            return LocalDate.of(1900, 1, 1).plusDays(random.nextInt(80_000)).toString();
        }
    },
    TIMESTAMPTZ("timestamptz", true) {
        @Override
        String value(Random random) {
            return DATE.value(random)
                    + String.format(
                            Locale.ROOT,
                            " %02d:%02d:%02d.%05d%d+00",
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(100_000),
                            random.nextInt(9) + 1);
        }
    },
    VARBIT("varbit", true) {
        @Override
        String value(Random random) {
            return Integer.toBinaryString(random.nextInt(200)).substring(random.nextInt(2));
        }
    },
    DOUBLE("double precision", true) {
        @Override
        String value(Random random) {
            return Double.toString(random.nextInt(1_000_000) / 64.0 - 5000).replaceAll("\\.0$", "");
        }
    },
    JSON("json", false) {
        @Override
        String value(Random random) {
            return "{\"a\":" + BIGINT.value(random) + ",\"b\":[" + NUMERIC.value(random) + ",null]}";
        }

        @Override
        String disguised(String value) {
            return value.replace(",\"b\"", " , \"b\"").replace(",null", (value.contains(".") ? "0" : ".0") + ", null");
        }
    },
    INT("int", true) {
        @Override
        String value(Random random) {
            return Integer.toString(random.nextInt(500) - 250);
        }
    },
    REAL("real", true) {
        @Override
        String value(Random random) {
            return Float.toString(random.nextInt(10_000) / 64.0f - 50).replaceAll("\\.0$", "");
        }
    },
    INET("inet", true) {
        @Override
        String value(Random random) {
            return "10." + random.nextInt(256) + "." + random.nextInt(256) + ".1" + (random.nextBoolean() ? "/16" : "");
        }
    },
    TIME("time", true) {
        @Override
        String value(Random random) {
            return String.format(
                    Locale.ROOT, "%02d:%02d:%02d", random.nextInt(24), random.nextInt(60), random.nextInt(60));
        }
    },
    INTERVAL("interval", false) {
        @Override
        String value(Random random) {
            return random.nextInt(9) + 2 + " mons " + (random.nextInt(28) + 2) + " days " + TIME.value(random);
        }
    },
    JSONB("jsonb", false) {
        @Override
        String value(Random random) {
            return "{\"a\": " + BIGINT.value(random) + ", \"b\": [" + NUMERIC.value(random) + ", null]}";
        }

        @Override
        String disguised(String value) {
            return value.replace(", null", (value.contains(".") ? "0" : ".0") + ", null");
        }
    },
    WIDE("text", false) {
        @Override
        String value(Random random) {
            return word(random, 4).repeat(random.nextInt(600)) + random.nextInt();
        }
    },
    RANGE("numrange", false) {
        @Override
        String value(Random random) {
            int from = random.nextInt(1000);
            return "[" + from + "," + (from + 1 + random.nextInt(9)) + (random.nextBoolean() ? ")" : "]");
        }

        @Override
        String disguised(String value) {
            return value.replace(",", ".00,");
        }
    },
    COMPOSITE("s.pair", false) {
        @Override
        String value(Random random) {
            return "(" + random.nextInt(50) + "," + (random.nextBoolean() ? "" : random.nextInt(50)) + ")";
        }
    },
    MACADDR("macaddr", true) {
        @Override
        String value(Random random) {
            return String.format(Locale.ROOT, "08:00:2b:01:%02x:%02x", random.nextInt(256), random.nextInt(256));
        }
    },
    ARRAY("text[]", false) {
        @Override
        String value(Random random) {
            return "{\"" + word(random, 3).replace("\\", "\\\\").replace("\"", "\\\"") + "\",NULL}";
        }
    };

    private static final List<String> LETTERS = List.of(
            "a",
            "A",
            "b",
            "B",
            "z",
            "Z",
            " ",
            "_",
            "-",
            ".",
            "'",
            "\"",
            "\\",
            "{",
            "}",
            ",",
            "%",
            "\t",
            "\n",
            "0",
            "9",
            "\u00e9",
            "\u00df",
            "\u0131",
            "\u0130",
            "\ue000",
            "\uff5e",
            "\ud83d\udc26");

    final String sqlType;
    final boolean mayBeKey;

    /** The ones that CockroachDB has from v22.1 on. */
    static List<RandomValues> ofCockroach() {
        return Arrays.stream(values())
                .filter(type -> type != RANGE && type != COMPOSITE && type != MACADDR)
                .toList();
    }

    /** There {@code int} has 64 bits. */
    String cockroachType() {
        return this == INT ? "int4" : sqlType;
    }

    RandomValues(String sqlType, boolean mayBeKey) {
        this.sqlType = sqlType;
        this.mayBeKey = mayBeKey;
    }

    abstract String value(Random random);

    /** The same value in another form, where the type has one. */
    String disguised(String value) {
        return value;
    }

    private static String word(Random random, int lettersMax) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(lettersMax + 1); i > 0; i--) {
            word.append(LETTERS.get(random.nextInt(LETTERS.size())));
        }
        return word.toString();
    }
}
