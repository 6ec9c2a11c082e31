package dev.godwit.database.dialect;

import dev.godwit.database.DatabaseUrl;

/**
 * How a MySQL database is looked at, which the user decides.
 *
 * @param schema the schema in which its tables are shown: that in which they are on the target
 * @param zeroDatesAreNull whether dates that no calendar has are read as NULL
 * @param timesAreIntervals whether TIME is an interval, and not a time of day
 * @param booleans which columns of type {@code tinyint(1)} are booleans, and not numbers
 * @param textEnums which enums are texts
 */
record MysqlView(
        String schema,
        boolean zeroDatesAreNull,
        boolean timesAreIntervals,
        ColumnChoice booleans,
        ColumnChoice textEnums) {
    static final MysqlView DEFAULT = new MysqlView("public", false, false, ColumnChoice.NONE, ColumnChoice.NONE);

    static MysqlView of(DatabaseUrl url) {
        return new MysqlView(
                url.schema(),
                url.zeroDatesAreNull(),
                url.timesAreIntervals(),
                url.booleans().map(list -> ColumnChoice.parse("bool", list)).orElse(ColumnChoice.NONE),
                url.textEnums().map(list -> ColumnChoice.parse("string", list)).orElse(ColumnChoice.NONE));
    }
}
