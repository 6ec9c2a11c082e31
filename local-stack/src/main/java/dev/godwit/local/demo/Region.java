package dev.godwit.local.demo;

import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The four regions of the demo. Every table has a column {@code region}; foreign keys never lead from one region into
 * another, so that each region is a slice that can move on its own.
 */
public enum Region {
    EU("eu", 1, 30),
    US_EAST("us-east", 2, 30),
    US_WEST("us-west", 3, 20),
    APAC("apac", 4, 20);

    /** Beyond 2^53 from the first row on: a number that goes through a double on its way changes, and is found out. */
    private static final long IDS_PER_REGION = 100_000_000_000_000_000L;

    private final String code;
    private final int number;
    private final int percentOfRows;

    Region(String code, int number, int percentOfRows) {
        this.code = code;
        this.number = number;
        this.percentOfRows = percentOfRows;
    }

    /** As it stands in the column {@code region} and as the phase of this region is called. */
    public String code() {
        return code;
    }

    /** The row filter of the phase of this region, the same for every table: {@code region = 'eu'}. */
    public String filter() {
        return "region = '" + code + "'";
    }

    /**
     * The first id of the region's own range, for all tables with a number as key. One process makes the ids of a
     * region, whichever side owns it: so the two sides cannot give out the same id, which two database sequences
     * would.
     */
    long firstId() {
        return number * IDS_PER_REGION + 1;
    }

    /** Of the initial rows; the last region gets what is left. */
    int percentOfRows() {
        return percentOfRows;
    }

    /**
     * The region with this code.
     *
     * @throws RefusedException if there is no such region
     */
    public static Region of(String code) {
        return Arrays.stream(values())
                .filter(region -> region.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "the demo has no region \"" + code + "\"",
                        "use one of "
                                + Arrays.stream(values()).map(Region::code).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return code;
    }
}
