package dev.godwit.local.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Values as lifelike as they are awkward: what a migration has to carry unchanged. */
final class SampleValues {
    static final List<String> STATUSES = List.of("new", "paid", "shipped", "on hold", "it's \"complicated\"");

    private static final List<String> FIRST_NAMES = List.of(
            "Ada",
            "Zoë",
            "İlker",
            "Björn",
            "Chloé",
            "Dmitrij",
            "Ömür",
            "Siobhán",
            "美咲",
            "Nguyễn",
            "Kofi",
            "María José");
    private static final List<String> LAST_NAMES = List.of(
            "Lovelace",
            "O'Neill",
            "Smith-Jones",
            "Çelik",
            "van der Berg",
            "d'Arc",
            "Łukasiewicz",
            "山田",
            "García",
            "Fußmann");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "plain",
            "it's 'quoted' and \"double quoted\"",
            "C:\\temp\\new\\",
            "\\N",
            "\\.",
            "NULL",
            "null",
            "tab\there, newline\nthere, return\r\nand end",
            "  leading and trailing  ",
            "comma, semicolon; {brace} [bracket] $$dollar$$ $1 ? :name",
            "emoji 🦤🧭 and family 👩‍👩‍👧",
            "right to left: שלום مرحبا",
            "e\u0301 is not \u00e9",
            "no-break\u00a0space, zero width\u200b, line\u2028separator",
            "{\"json\": \"in \\\"text\\\"\"}",
            "<a href=\"x\">&amp;</a>",
            "-- comment /* not */",
            "\u0001 control \u001f \u007f",
            "2024-02-29",
            "1e400");
    private static final List<String> SKILLS =
            List.of("sql", "Java", "", "NULL", "a,b", "curly {}", "quo\"te", "back\\slash", "new\nline", "日本語", " ");
    private static final List<String> RATES = List.of(
            "1", "1.0", "1.10", "0.000000000001", "123456789012345678901234567890.123456789", "0", "-0.5", "1000000");

    private SampleValues() {}

    static String fullName(Dice dice) {
        return dice.pick(FIRST_NAMES) + " " + dice.pick(LAST_NAMES);
    }

    /** NULL, empty, or a text that wants quoting somewhere on its way. */
    static String text(Dice dice) {
        return dice.percent(15) ? null : dice.pick(TEXTS);
    }

    /** A text long enough to be stored out of line. */
    static String longText(Dice dice) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            text.append(Long.toHexString(dice.bits())).append(i % 7 == 0 ? "\n" : " ");
        }
        return text.toString();
    }

    /** An array with empty, quoted and NULL elements; or an empty array, or NULL. */
    static String[] skills(Dice dice) {
        if (dice.percent(10)) {
            return null;
        }
        List<String> skills = new ArrayList<>();
        for (int i = dice.below(5); i > 0; i--) {
            skills.add(dice.percent(8) ? null : dice.pick(SKILLS));
        }
        return skills.toArray(String[]::new);
    }

    /** A JSON object or array, or NULL; never JSON's own null, which a changefeed cannot tell from SQL's. */
    static String json(Dice dice) {
        return switch (dice.below(6)) {
            case 0 -> null;
            case 1 -> "[]";
            case 2 ->
                "{\"level\": " + dice.below(9)
                        + ", \"ratio\": 1.50, \"big\": 12345678901234567890, \"on\": true, \"none\": null}";
            case 3 -> "{\"nested\": {\"list\": [1, \"two\", {\"three\": [null, false]}]}, \"ünï\": \"🦤\"}";
            case 4 ->
                "{\"quoted\": \"say \\\"hi\\\" \\\\ to\\nall\", \"empty\": \"\", \"id\": \""
                        + Long.toHexString(dice.bits()) + "\"}";
            default -> "[\"" + dice.below(1000) + "\", " + dice.below(1000) + ", 0.1, -1.0]";
        };
    }

    /**
     * Small, empty, NULL, or so large that it is stored out of line: an update of another column does not send it
     * then.
     */
    static byte[] bytes(Dice dice) {
        int kind = dice.below(20);
        return kind < 4 ? null : kind < 6 ? new byte[0] : dice.bytes(kind == 19 ? 6_000 : 1 + dice.below(48));
    }

    static BigDecimal rate(Dice dice) {
        return dice.percent(30) ? null : new BigDecimal(dice.pick(RATES));
    }

    static Double measure(Dice dice) {
        return switch (dice.below(8)) {
            case 0 -> null;
            case 1 -> 0.1;
            case 2 -> 1.0e-7;
            case 3 -> 123456789.125;
            default -> dice.number() * 100;
        };
    }
}
