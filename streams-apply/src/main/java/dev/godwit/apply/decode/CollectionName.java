package dev.godwit.apply.decode;

/** {@code schema.table}, as Debezium's END names it; put together only when it changes. Not thread-safe. */
final class CollectionName {
    private String left;
    private String right;
    private String name;

    String of(String schemaName, String tableName) {
        if (!tableName.equals(right) || !schemaName.equals(left)) {
            left = schemaName;
            right = tableName;
            name = schemaName + "." + tableName;
        }
        return name;
    }
}
