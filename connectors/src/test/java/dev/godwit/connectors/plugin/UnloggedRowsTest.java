package dev.godwit.connectors.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnloggedRowsTest {
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
            .field("db", Schema.STRING_SCHEMA)
            .field("table", Schema.OPTIONAL_STRING_SCHEMA)
            .field("gtid", Schema.OPTIONAL_STRING_SCHEMA)
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .build();
    private static final Schema CHANGE =
            SchemaBuilder.struct().field("type", Schema.STRING_SCHEMA).build();
    private static final Schema STATEMENT = SchemaBuilder.struct()
            .field("source", SOURCE)
            .field("databaseName", Schema.OPTIONAL_STRING_SCHEMA)
            .field("ddl", Schema.OPTIONAL_STRING_SCHEMA)
            .field("tableChanges", SchemaBuilder.array(CHANGE).build())
            .build();

    private static SourceRecord statement(String snapshot, String ddl, String change) {
        return statement(snapshot, ddl, "shop", List.of(new Struct(CHANGE).put("type", change)));
    }

    private static SourceRecord statement(String snapshot, String ddl, String database, List<Struct> changes) {
        Struct source = new Struct(SOURCE)
                .put("snapshot", snapshot)
                .put("db", "shop")
                .put("table", "item")
                .put("gtid", "5b38188d:13")
                .put("file", "bin.1")
                .put("pos", 5232L);
        Struct value = new Struct(STATEMENT)
                .put("source", source)
                .put("databaseName", database)
                .put("ddl", ddl)
                .put("tableChanges", changes);
        return new SourceRecord(Map.of(), Map.of(), "p", null, STATEMENT, value);
    }

    private static SourceRecord row(int number) {
        return new SourceRecord(Map.of(), Map.of(), "p.shop.item", null, Schema.INT32_SCHEMA, number);
    }

    @Test
    void whatIsBeforeADroppedTableIsGivenOutAndNothingBehindIt() {
        UnloggedRows unlogged = new UnloggedRows("p", "my\\x{2d}shop\\.item,shop\\.item,_godwit\\.applied");
        unlogged.stopIfMet();

        assertThat(unlogged.before(List.of(row(1), statement(null, "DROP TABLE `item`", "DROP"), row(2))))
                .extracting(SourceRecord::value)
                .containsExactly(1);
        for (int poll = 1; poll <= 2; poll++) {
            assertThatThrownBy(unlogged::stopIfMet)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageStartingWith(
                            "\"DROP TABLE `item`\" (shop.item, GTID 5b38188d:13, bin.1:5232) takes rows away");
        }
    }

    @Test
    void otherStatementsAndDebeziumsOwnAreLeftOut() {
        UnloggedRows unlogged = new UnloggedRows("p", "my\\x{2d}shop\\.item,shop\\.item,_godwit\\.applied");

        assertThat(unlogged.before(List.of(
                        statement("first", "DROP TABLE IF EXISTS `item`", "DROP"),
                        row(1),
                        statement(null, "ALTER TABLE item ADD COLUMN c INT", "ALTER"),
                        statement("false", "CREATE TABLE item (id INT)", "CREATE"),
                        row(2))))
                .extracting(SourceRecord::value)
                .containsExactly(1, 2);
        unlogged.stopIfMet();
    }

    @Test
    void aDroppedDatabaseStopsItIfTablesOfItAreCaptured() {
        UnloggedRows unlogged = new UnloggedRows("p", "my\\x{2d}shop\\.item,shop\\.item,_godwit\\.applied");

        unlogged.before(List.of(statement(null, "DROP DATABASE `shop_eu`", "shop_eu", List.of())));
        unlogged.before(List.of(statement(null, "CREATE DATABASE `shop`", "shop", List.of())));
        unlogged.before(List.of(statement("true", "DROP DATABASE IF EXISTS `shop`", "shop", List.of())));
        unlogged.stopIfMet();
        unlogged.before(List.of(statement(null, "/* so long */ drop schema `shop`", "shop", List.of())));
        assertThatThrownBy(unlogged::stopIfMet).hasMessageContaining("drop schema `shop`");
        UnloggedRows other = new UnloggedRows("p", "shop\\.item,my\\x{2d}shop\\.item");
        other.before(List.of(statement(null, "DROP DATABASE `my-shop`", "my-shop", List.of())));
        assertThatThrownBy(other::stopIfMet).hasMessageContaining("DROP DATABASE `my-shop`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE item TRUNCATE PARTITION p0",
                "alter table `item` drop\n partition p0, p1",
                "ALTER TABLE item /* why not */ EXCHANGE /* it */ PARTITION p0 WITH TABLE other",
                "ALTER TABLE item /*!50100 DROP PARTITION p0 */",
                "ALTER TABLE item -- DROP COLUMN\n TRUNCATE PARTITION ALL",
                "ALTER TABLE item DISCARD TABLESPACE",
                "ALTER TABLE item IMPORT PARTITION p0, p1 TABLESPACE"
            })
    void statementsWhoseRowsAreNotInTheLogAreKnown(String ddl) {
        assertThat(UnloggedRows.isUnlogged(ddl)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE item ADD PARTITION (PARTITION p9 VALUES LESS THAN (9))",
                "ALTER TABLE item REORGANIZE PARTITION p0 INTO (PARTITION p1 VALUES LESS THAN (9))",
                "ALTER TABLE item COALESCE PARTITION 2",
                "ALTER TABLE item ADD COLUMN c INT COMMENT 'then DROP PARTITION p0'",
                "ALTER TABLE item COMMENT 'it''s \\' DROP PARTITION'",
                "ALTER TABLE item COMMENT \"TRUNCATE PARTITION\"",
                "ALTER TABLE item DROP COLUMN `partition`, ADD COLUMN `drop partition` INT",
                "ALTER TABLE item ADD COLUMN c INT /* DROP PARTITION */ # TRUNCATE PARTITION\n",
                "ALTER TABLE item TABLESPACE other"
            })
    void allOthersAreNot(String ddl) {
        assertThat(UnloggedRows.isUnlogged(ddl)).isFalse();
    }
}
