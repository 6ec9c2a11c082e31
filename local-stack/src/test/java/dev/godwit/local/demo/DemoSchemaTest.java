package dev.godwit.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.database.Product;
import dev.godwit.database.catalog.Catalog;
import dev.godwit.database.catalog.ForeignKeyOrder;
import dev.godwit.database.catalog.StructureComparison;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DemoDatabases.class)
class DemoSchemaTest {

    @Test
    void targetHasPrimaryKeysOnlyUntilItIsFinalizedAndThenWhatTheSourceHas(PostgresServer server) throws Exception {
        Database source = DemoDatabases.empty(server, "source");
        Database target = DemoDatabases.empty(server, "target");
        try (Connection sourceConnection = source.open();
                Connection targetConnection = target.open()) {
            DemoSchema.createTables(sourceConnection, Product.POSTGRESQL);
            DemoSchema.createTargetTables(targetConnection, Product.POSTGRESQL);
            Catalog before = target.catalog();
            assertThat(before.foreignKeys()).isEmpty();
            assertThat(before.tables().values()).hasSize(7).allSatisfy(table -> {
                assertThat(table.primaryKey()).isNotEmpty();
                assertThat(table.uniqueKeys()).isEmpty();
            });
            finalizeTarget(targetConnection);
            // As the second phase does.
            DemoSchema.createTargetTables(targetConnection, Product.POSTGRESQL);
            finalizeTarget(targetConnection);
        }
        Catalog sourceCatalog = source.catalog();
        Catalog targetCatalog = target.catalog();
        assertThat(sourceCatalog.tables().keySet()).containsExactlyInAnyOrderElementsOf(DemoSchema.TABLES);
        assertThat(StructureComparison.compare(
                        List.copyOf(sourceCatalog.tables().values()), targetCatalog))
                .isEmpty();
        assertThat(targetCatalog.foreignKeys()).hasSize(6).isEqualTo(sourceCatalog.foreignKeys());
        assertThat(targetCatalog.tables()).isEqualTo(sourceCatalog.tables());
        assertThat(ForeignKeyOrder.of(DemoSchema.TABLES, sourceCatalog.foreignKeys())
                        .inCycles())
                .isEmpty();
    }

    private static void finalizeTarget(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : DemoSchema.finalizeStatements(Product.POSTGRESQL)) {
                statement.execute(sql);
            }
        }
    }
}
