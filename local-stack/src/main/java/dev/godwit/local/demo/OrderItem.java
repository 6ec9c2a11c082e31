package dev.godwit.local.demo;

import java.math.BigDecimal;

/** What one line of an order says. */
record OrderItem(String sku, int quantity, BigDecimal unitPrice, Double weightKg, Boolean gift) {

    static OrderItem of(Dice dice) {
        return new OrderItem(
                "SKU-" + dice.below(100_000),
                1 + dice.below(9),
                dice.money(1, 20_000),
                SampleValues.measure(dice),
                dice.percent(30) ? null : dice.percent(50));
    }

    /** Of the whole line, with two decimals. */
    BigDecimal price() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
}
