package dev.godwit.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.TableName;
import dev.godwit.local.PostgresServer;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DemoDatabases.class)
class DemoDataTest {

    @Test
    void everyTableHasRowsOfAllRegionsAndNoForeignKeyCrossesThem(PostgresServer server) throws Exception {
        Database database = DemoDatabases.empty(server, "source");
        try (var connection = database.open()) {
            DemoSchema.createTables(connection, database.product());
        }
        assertThat(DemoData.fill(database, DemoData.DEFAULT_ROWS, 1)).isEqualTo(20_000);
        long rows = 0;
        for (TableName table : DemoSchema.TABLES) {
            for (Region region : Region.values()) {
                long count =
                        DemoDatabases.number(database, "SELECT count(*) FROM " + table + " WHERE " + region.filter());
                assertThat(count).as("%s of %s", table, region).isPositive();
                rows += count;
            }
        }
        assertThat(rows).isEqualTo(20_000);
        for (ForeignKey key : database.catalog().foreignKeys()) {
            String join = key.child() + " c JOIN " + key.parent() + " p ON p.id = c."
                    + key.childColumns().get(0);
            assertThat(DemoDatabases.number(database, "SELECT count(*) FROM " + join))
                    .isPositive();
            assertThat(DemoDatabases.number(database, "SELECT count(*) FROM " + join + " WHERE p.region <> c.region"))
                    .as(key.name())
                    .isZero();
        }
        for (Region region : Region.values()) {
            assertThat(LostWriteCheck.books(database, region)).isEmpty();
        }
    }

    @Test
    void theSameSeedGivesTheSameRowsAndAnotherSeedOthers(PostgresServer server) throws Exception {
        Map<TableName, String> rows = hashes(DemoDatabases.filled(server, "source", 2_000, 7));
        assertThat(hashes(DemoDatabases.filled(server, "source", 2_000, 7))).isEqualTo(rows);
        Map<TableName, String> others = hashes(DemoDatabases.filled(server, "source", 2_000, 8));
        assertThat(others).allSatisfy((table, hash) -> assertThat(hash).isNotEqualTo(rows.get(table)));
    }

    private static Map<TableName, String> hashes(Database database) throws SQLException {
        Map<TableName, String> hashes = new TreeMap<>();
        for (TableName table : DemoSchema.TABLES) {
            String sql = "SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM " + table + " t";
            hashes.put(table, DemoDatabases.query(database, sql));
        }
        return hashes;
    }

    @Test
    void holdsWhatAMigrationMayGetWrong(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", 4_000, 1);
        assertFound(database, "customers WHERE note IS NULL");
        assertFound(database, "customers WHERE note = ''");
        assertFound(database, "customers WHERE note = E'\\\\N'");
        assertFound(database, "customers WHERE note LIKE E'%\\t%\\n%\\r\\n%'");
        assertFound(database, "customers WHERE note LIKE '%🦤%'");
        assertFound(database, "customers WHERE \"vatId\" IS NOT NULL");
        assertFound(database, "employees WHERE email IS NULL");
        assertFound(database, "employees WHERE hired_on < DATE '1970-01-01'");
        assertFound(database, "employees WHERE skills = '{}'");
        assertFound(database, "employees WHERE array_position(skills, NULL) > 0 AND array_position(skills, '') > 0");
        assertFound(database, "employees WHERE 'quo\"te' = ANY (skills) OR E'back\\\\slash' = ANY (skills)");
        assertFound(database, "employees WHERE length(photo) = 0");
        assertFound(database, "employees WHERE pg_column_size(photo) > 4000");
        assertFound(database, "employees WHERE id > 9007199254740992 AND id % 2 = 1");
        assertFound(database, "orders WHERE status = 'it''s \"complicated\"'");
        assertFound(database, "orders WHERE extract(microseconds FROM placed_at)::int % 1000 <> 0");
        assertFound(database, "orders WHERE attributes ->> 'quoted' LIKE E'say \"hi\" \\\\\\\\ to\\nall'");
        assertFound(database, "order_items WHERE line_no > 1 AND gift IS NULL");
        assertFound(database, "payments WHERE scale(exchange_rate) = 9 AND exchange_rate > 1e29");
        assertFound(database, "payments WHERE exchange_rate::text = '1.10'");
    }

    private static void assertFound(Database database, String tableAndCondition) throws SQLException {
        assertThat(DemoDatabases.number(database, "SELECT count(*) FROM migration_schema." + tableAndCondition))
                .as(tableAndCondition)
                .isPositive();
    }

    @Test
    void refusesSoFewRowsThatATableWouldBeEmpty(PostgresServer server) throws Exception {
        Database database = DemoDatabases.empty(server, "source");
        assertThatThrownBy(() -> DemoData.fill(database, 399, 1))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("399");
    }

    @Test
    void theSmallestDemoHasRowsEverywhereToo(PostgresServer server) throws Exception {
        Database database = DemoDatabases.filled(server, "source", DemoPlan.ROWS_MIN, 1);
        for (Region region : Region.values()) {
            assertThat(LostWriteCheck.books(database, region)).isEmpty();
        }
        assertThat(DemoDatabases.number(database, "SELECT count(DISTINCT region) FROM migration_schema.order_items"))
                .isEqualTo(4);
    }
}
