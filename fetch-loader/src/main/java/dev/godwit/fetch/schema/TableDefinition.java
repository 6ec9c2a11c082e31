package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.Table;
import dev.godwit.database.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that the source says of a table. Filled by {@link SchemaReader}, then read only. */
final class TableDefinition {
    final Table table;
    final List<ColumnDefinition> columns = new ArrayList<>();
    final List<ConstraintDefinition> constraints = new ArrayList<>();
    final List<IndexDefinition> indexes = new ArrayList<>();
    final List<SequenceDefinition> sequences = new ArrayList<>();
    /** What no DDL of ours makes: triggers, policies. */
    final List<String> notCarried = new ArrayList<>();
    /** What domains ask of columns, in words, for targets that have no domains. */
    final List<String> rulesOfDomains = new ArrayList<>();

    /** The name as the source writes it in definitions: quoted only where it must be. */
    String nameInDefinitions = "";

    Optional<String> primaryKeyName = Optional.empty();

    TableDefinition(Table table) {
        this.table = table;
    }

    TableName name() {
        return table.name();
    }
}
