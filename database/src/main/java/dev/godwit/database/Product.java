package dev.godwit.database;

/** The database products that Godwit speaks to, by the name a user would write. */
public enum Product {
    POSTGRESQL("PostgreSQL"),
    COCKROACHDB("CockroachDB"),
    MYSQL("MySQL"),
    ORACLE("Oracle");

    private final String displayName;

    Product(String displayName) {
        this.displayName = displayName;
    }

    @Override
    public String toString() {
        return displayName;
    }
}
