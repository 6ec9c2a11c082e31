package dev.godwit.fetch.schema;

import dev.godwit.database.catalog.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A constraint other than the primary key and NOT NULL.
 *
 * @param definition what stands behind {@code ADD CONSTRAINT name}
 * @param columns the columns of the table that it is about
 * @param parent the table that a foreign key leads to
 * @param parentInDefinition the parent as the definition writes it
 */
record ConstraintDefinition(
        String name,
        Kind kind,
        String definition,
        List<String> columns,
        Optional<TableName> parent,
        String parentInDefinition) {

    /** In the order in which they are made: a foreign key needs the unique key that it leads to. */
    enum Kind {
        UNIQUE,
        EXCLUSION,
        CHECK,
        FOREIGN_KEY
    }
}
