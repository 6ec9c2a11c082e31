package dev.godwit.fetch.mysql;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.database.catalog.StructureDifference;
import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import dev.godwit.database.filter.TableSlice;
import dev.godwit.database.mysql.MysqlProblem;
import dev.godwit.database.mysql.MysqlServerCheck;
import dev.godwit.database.mysql.MysqlTablesCheck;
import dev.godwit.database.selection.MappedTable;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.TableHandling;
import dev.godwit.fetch.mysql.MysqlLoadPlan.Entry;
import dev.godwit.fetch.plan.LeftOutFile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Everything that is checked before the first write of a load from MySQL. */
final class MysqlPreflight {
    private final FetchRequest request;
    private final List<MysqlProblem> problems = new ArrayList<>();

    MysqlPreflight(FetchRequest request) {
        this.request = request;
    }

    /** @throws RefusedException with everything that stands in the way */
    MysqlLoadPlan check() {
        if (request.tables().isEmpty()) {
            throw new RefusedException(
                    "no table is selected", "check the schema filter and the table filter against the source's tables");
        }
        boolean recreates = request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE;
        if (recreates) {
            LeftOutFile.check(request.tableOptions().leftOutFile());
        }
        if (request.target().product() == Product.MYSQL) {
            throw new RefusedException("source and target are both MySQL", "use a CockroachDB target");
        }
        try (Connection source = request.source().open();
                Connection target = request.target().open()) {
            boolean zeroDatesAreNull = request.source().url().zeroDatesAreNull();
            problems.addAll(MysqlServerCheck.problems(source, zeroDatesAreNull));
            Catalog sourceCatalog = request.source().dialect().readCatalog(source);
            Catalog targetCatalog = request.target().dialect().readCatalog(target);
            Map<TableName, TableSlice> slices = slices();
            problems.addAll(MysqlTablesCheck.problems(source, sourceCatalog, slices.keySet(), zeroDatesAreNull));
            List<Table> tables = tables(slices.keySet(), sourceCatalog);
            if (recreates) {
                problems.addAll(MysqlTables.problems(tables));
                refuseForeignKeysFromOutside(slices.keySet(), targetCatalog);
            }
            (recreates ? List.<StructureDifference>of() : StructureComparison.compare(tables, targetCatalog))
                    .forEach(
                            difference -> problems.add(
                                    new MysqlProblem(
                                            difference.toString(),
                                            "change one of the two sides so that they agree, or leave the table out by the table filter")));
            MysqlLoadPlan plan = plan(slices, tables, recreates ? new Catalog(tables, List.of()) : targetCatalog);
            if (problems.isEmpty()) {
                checkRows(source, target, slices);
            }
            MysqlProblem.refuseIfAny(problems);
            return recreates
                    ? plan.recreating(MysqlTables.read(
                            source,
                            sourceCatalog,
                            request.target().dialect(),
                            plan.tables(),
                            request.tableOptions().typeMap()))
                    : plan;
        } catch (SQLException e) {
            throw new RefusedException(
                    "a check before the load failed: " + e.getMessage(),
                    "mend the cause that the server names, then run it again; nothing was written",
                    e);
        }
    }

    private Map<TableName, TableSlice> slices() {
        Map<TableName, TableSlice> slices = new TreeMap<>();
        for (MappedTable table : request.tables()) {
            TableSlice slice = slice(table);
            if (slices.put(slice.table(), slice) != null) {
                problems.add(new MysqlProblem("table " + slice.table() + " is selected twice", "name it once"));
            }
        }
        return slices;
    }

    /** The same names on both sides, and a condition that Godwit itself understands. */
    private static TableSlice slice(MappedTable table) {
        boolean renamed = !table.source().equals(table.target())
                || !table.targetColumns().isEmpty()
                || !table.leftOut().isEmpty();
        if (renamed || (table.rows().isPresent() && table.rows().get().filter().isEmpty())) {
            throw new RefusedException(
                    "the load of " + table.source()
                            + " from MySQL cannot rename tables or columns, leave columns out, or filter"
                            + " rows by SQL of its own yet",
                    "leave the transformation file out, and write the filter as a row filter");
        }
        return new TableSlice(table.source(), table.rows().flatMap(rows -> rows.filter()));
    }

    private List<Table> tables(Set<TableName> names, Catalog source) {
        List<Table> tables = new ArrayList<>();
        for (TableName name : names) {
            if (source.table(name).isEmpty()) {
                problems.add(new MysqlProblem(
                        "table " + name + " is missing on the source",
                        "create it there, or leave it out by the table filter"));
            } else if (source.table(name).get().primaryKey().isEmpty()) {
                problems.add(new MysqlProblem(
                        "table " + name + " has no primary key on the source",
                        "ALTER TABLE `" + name.name()
                                + "` ADD PRIMARY KEY (...); on both sides, or leave the table out"));
            } else {
                tables.add(source.table(name).get());
            }
        }
        return tables;
    }

    private MysqlLoadPlan plan(Map<TableName, TableSlice> slices, List<Table> tables, Catalog target) {
        Map<TableName, Table> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        ForeignKeyOrder order = ForeignKeyOrder.of(byName.keySet(), target.foreignKeys());
        if (!order.inCycles().isEmpty()) {
            problems.add(new MysqlProblem(
                    "foreign keys of the target lead in a circle, so that none of these tables can be loaded first: "
                            + order.inCycles(),
                    "drop one foreign key of the circle on the target and add it again after the load"));
        }
        List<List<Entry>> levels = new ArrayList<>();
        for (List<TableName> level : order.levels()) {
            List<Entry> entries = new ArrayList<>();
            for (TableName name : level) {
                boolean selfReference = target.foreignKeys().stream()
                        .anyMatch(key -> key.isSelfReference() && key.child().equals(name));
                entries.add(new Entry(slices.get(name), byName.get(name), selfReference));
            }
            levels.add(List.copyOf(entries));
        }
        return new MysqlLoadPlan(List.copyOf(levels), Optional.empty());
    }

    private void refuseForeignKeysFromOutside(Set<TableName> selected, Catalog target) {
        for (ForeignKey key : target.foreignKeys()) {
            if (selected.contains(key.parent()) && !selected.contains(key.child())) {
                problems.add(new MysqlProblem(
                        "table " + key.parent() + " cannot be dropped on the target: foreign key \"" + key.name()
                                + "\" of table " + key.child() + ", which is not selected, leads to it",
                        "select " + key.child() + " as well, or drop the foreign key for the time of the load"));
            }
        }
    }

    private void checkRows(Connection source, Connection target, Map<TableName, TableSlice> slices)
            throws SQLException {
        for (TableSlice slice : slices.values()) {
            if (slice.filter().isPresent() && !exists(source, request.source(), slice)) {
                problems.add(new MysqlProblem(
                        "the filter of " + slice.table() + " matches no row of the source: "
                                + slice.filter().get(),
                        "check the filter's values, also their upper and lower case"));
            }
            if (request.tableHandling() == TableHandling.NONE && exists(target, request.target(), slice)) {
                problems.add(new MysqlProblem(
                        "the target already holds rows of " + slice,
                        "delete them: DELETE FROM "
                                + request.target().dialect().quote(slice.table())
                                + slice.where(request.target().dialect()) + ";"));
            }
            boolean takesAll = request.tableHandling() == TableHandling.TRUNCATE_IF_EXISTS
                    || request.tableHandling() == TableHandling.DROP_ON_TARGET_AND_RECREATE;
            if (takesAll && slice.filter().isPresent()) {
                problems.add(new MysqlProblem(
                        "truncating or dropping " + slice.table()
                                + " on the target may lose rows that do not belong to this load",
                        "choose the table handling none, and delete old rows of this load yourself"));
            }
        }
    }

    private static boolean exists(Connection connection, Database database, TableSlice slice) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM "
                        + database.dialect().quote(slice.table()) + slice.where(database.dialect()) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
