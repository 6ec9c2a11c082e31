package dev.godwit.database.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {
    @Test
    void takesSchemaAndTableAsTheyAre() {
        assertThat(TableName.parse("Shop.Order Items")).isEqualTo(new TableName("Shop", "Order Items"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", ".orders", "shop.", "a.b.c", "."})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> TableName.parse(text))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is not a table name");
    }

    @Test
    void selectsByWholeNames() {
        TableSelection selection = TableSelection.of("shop", "orders|pay.*");
        assertThat(List.of("shop.orders", "shop.payments", "shop.orders2", "myshop.orders", "shop.old_orders"))
                .filteredOn(name -> selection.selects(TableName.parse(name)))
                .containsExactly("shop.orders", "shop.payments");
    }

    @Test
    void refusesWhatIsNoRegularExpression() {
        assertThatThrownBy(() -> TableSelection.of("shop", "(orders"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("table filter")
                .hasMessageContaining("(orders");
    }
}
