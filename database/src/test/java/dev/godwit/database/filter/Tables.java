package dev.godwit.database.filter;

import dev.godwit.database.catalog.Column;
import dev.godwit.database.catalog.Column.Generation;
import dev.godwit.database.catalog.ReplicaIdentity;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import java.util.List;

/** A table with a column of every type that a filter may look at. */
final class Tables {
    static final Table SHOP = new Table(
            new TableName("shop", "orders"),
            List.of(
                    column("id", TypeKind.INTEGER, "int4"),
                    column("region", TypeKind.TEXT, "text"),
                    column("Region", TypeKind.TEXT, "text"),
                    column("user", TypeKind.TEXT, "text"),
                    column("total", TypeKind.DECIMAL, "numeric"),
                    column("placed", TypeKind.DATE, "date"),
                    column("open", TypeKind.BOOLEAN, "bool"),
                    column("ref", TypeKind.UUID, "uuid"),
                    column("code", TypeKind.CHAR, "bpchar"),
                    column("note", TypeKind.JSONB, "jsonb"),
                    column("rate", TypeKind.FLOAT8, "float8"),
                    new Column(
                            "state",
                            new ColumnType(
                                    TypeKind.ENUM,
                                    "state",
                                    "\"shop\".\"state\"",
                                    -1,
                                    null,
                                    "state",
                                    List.of("new", "paid")),
                            true,
                            Generation.NONE,
                            false)),
            List.of("id"),
            List.of(),
            ReplicaIdentity.DEFAULT);

    private Tables() {}

    private static Column column(String name, TypeKind kind, String type) {
        return new Column(name, new ColumnType(kind, type, type, -1, null), true, Generation.NONE, false);
    }
}
