package dev.godwit.verify.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ranges and multiranges of decimals, {@code [1.0,2)} and <code>{[1.0,2),[3,)}</code>, whose bounds may be one number in two forms. The other built-in ranges have
 * one form only.
 */
final class RangeText {
    private static final Set<String> OF_DECIMALS = Set.of("numrange", "nummultirange");
    private static final Pattern RANGE = Pattern.compile("([\\[(])([^,\\[\\](){}]*),([^,\\[\\](){}]*)([\\])])");
    private static final String NUMBERS = "[^,\\[\\](){}]*";
    private static final Pattern ALL = Pattern.compile("empty|\\{?([\\[(]" + NUMBERS + "," + NUMBERS + "[\\])],?)*}?");

    private RangeText() {}

    /** @param from null if there is no lower bound */
    private record Range(boolean fromIncluded, Decimal from, Decimal to, boolean toIncluded) {}

    static boolean isOfDecimals(String baseName) {
        return OF_DECIMALS.contains(baseName);
    }

    static Object ofDecimals(String text) {
        if (!ALL.matcher(text).matches()) {
            throw new IllegalArgumentException("not a range: " + text);
        }
        List<Object> ranges = new ArrayList<>();
        ranges.add(text.equals("empty"));
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            ranges.add(new Range(
                    range.group(1).equals("["),
                    bound(range.group(2)),
                    bound(range.group(3)),
                    range.group(4).equals("]")));
        }
        return ranges;
    }

    private static Decimal bound(String text) {
        return text.isEmpty() ? null : Decimal.parse(text);
    }
}
