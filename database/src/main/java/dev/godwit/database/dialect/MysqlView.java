package dev.godwit.database.dialect;

/**
 * How a MySQL database is looked at, which the user decides.
 *
 * @param schema the schema in which its tables are shown: that in which they are on the target
 * @param zeroDatesAreNull whether dates that no calendar has are read as NULL
 * @param timesAreIntervals whether TIME is an interval, and not a time of day
 */
record MysqlView(String schema, boolean zeroDatesAreNull, boolean timesAreIntervals) {
    static final MysqlView DEFAULT = new MysqlView("public", false, false);
}
