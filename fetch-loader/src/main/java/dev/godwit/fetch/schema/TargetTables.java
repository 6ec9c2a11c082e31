package dev.godwit.fetch.schema;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.dialect.Dialect;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.schema.UserTypes.UserType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tables of the target, to be made anew from those of the source ({@code drop-on-target-and-recreate}): types that are missing, columns, NOT NULL
 * and the primary key now; defaults, sequences, indexes, other constraints as statements for later. Immutable.
 */
public final class TargetTables implements RecreatedTables {
    /** How the text of {@link #leftOut} begins. */
    public static final String LEFT_OUT_BEGINS = "-- What the load left out when it made these tables";

    private final Dialect target;
    private final List<MappedTable> tables;
    private final List<UserType> types;
    private final List<String> creates;
    private final List<String> leftOut;

    private TargetTables(
            Dialect target,
            List<MappedTable> tables,
            List<UserType> types,
            List<String> creates,
            List<String> leftOut) {
        this.target = target;
        this.tables = List.copyOf(tables);
        this.types = List.copyOf(types);
        this.creates = List.copyOf(creates);
        this.leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads the definitions and writes nothing.
     *
     * @param source a connection of its own: its search path is another afterwards
     * @param sourceTables as the catalog of the source has them, in the order in which they are loaded
     * @param mappings for each of them; columns keep their names
     * @throws RefusedException if several of them would become one table, or a rule of the type map is about nothing
     */
    public static TargetTables read(
            Connection source,
            Dialect target,
            Collection<Table> sourceTables,
            Map<TableName, MappedTable> mappings,
            TypeMapFile typeMap)
            throws SQLException {
        Set<TableName> made = new HashSet<>();
        for (Table table : sourceTables) {
            TableName name = mappings.get(table.name()).target();
            if (!made.add(name)) {
                throw new RefusedException(
                        "several tables of the source are merged into " + name
                                + ", which cannot be made from all of them",
                        "make " + name
                                + " on the target yourself, and choose the table handling none or truncate-if-exists");
            }
        }
        typeMap.requireUsed(List.copyOf(sourceTables));
        Map<TableName, TableDefinition> definitions = SchemaReader.read(source, sourceTables);
        LeftOutStatements leftOut = new LeftOutStatements(target, mappings);
        List<String> creates = new ArrayList<>();
        definitions.forEach((name, definition) -> {
            creates.add(CreateTable.sql(target, mappings.get(name), definition, typeMap));
            leftOut.add(definition);
        });
        return new TargetTables(
                target,
                sourceTables.stream().map(table -> mappings.get(table.name())).toList(),
                UserTypes.read(source, definitions.keySet(), target.product()),
                creates,
                leftOut.lines());
    }

    @Override
    public void make(Connection connection) throws SQLException {
        MakingTables.run(connection, target.product(), statements(connection));
    }

    /** What {@link #make} would run now, in order. */
    public List<String> statements(Connection connection) throws SQLException {
        Set<String> statements = new LinkedHashSet<>();
        if (!tables.isEmpty()) {
            // All at once, so that foreign keys between them do not matter.
            statements.add("DROP TABLE IF EXISTS "
                    + String.join(
                            ", ",
                            tables.stream()
                                    .map(table -> target.quote(table.target()))
                                    .toList()));
        }
        tables.forEach(table -> statements.add(
                "CREATE SCHEMA IF NOT EXISTS " + target.quote(table.target().schema())));
        for (UserType type : types) {
            if (!exists(connection, type)) {
                statements.add("CREATE SCHEMA IF NOT EXISTS " + target.quote(type.schema()));
                statements.add(type.create());
            }
        }
        statements.addAll(creates);
        return List.copyOf(statements);
    }

    private boolean exists(Connection connection, UserType type) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM pg_catalog.pg_type t"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = ? AND t.typname = ?")) {
            statement.setString(1, type.schema());
            statement.setString(2, type.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    @Override
    public String leftOut() {
        return leftOut(
                target.product(), tables.stream().map(MappedTable::target).toList(), leftOut);
    }

    /** The text of such a file. */
    public static String leftOut(Product target, List<TableName> tables, List<String> lines) {
        String names =
                String.join(", ", tables.stream().map(TableName::toString).toList());
        StringBuilder text = new StringBuilder("-- What the load left out when it made these tables on " + target
                + ": " + names
                + "\n-- Run it when they are loaded; a phase runs it as step 5 if it stands under \"finalize\".\n");
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
