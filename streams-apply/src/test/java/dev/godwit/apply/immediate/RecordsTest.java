package dev.godwit.apply.immediate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private static final TopicPartition ITEMS = new TopicPartition("shop.s.item", 3);
    private static final TopicPartition OTHERS = new TopicPartition("shop.s.other", 3);

    @Test
    void whatIsReadIsInButForWhatWaits() {
        Records records = Records.read(1, null);
        List<Item> items =
                List.of(item(ITEMS, 4, "a"), item(ITEMS, 5, "b"), item(OTHERS, 0, null), item(ITEMS, 7, "c"));
        records.readUpTo(items);
        Records read = Records.read(2, records.text(List.of(items.get(1))));

        assertThat(read.of(ITEMS).next()).isEqualTo(8);
        assertThat(read.of(ITEMS).seen()).isEqualTo("c");
        assertThat(read.of(ITEMS).isIn(4)).isTrue();
        assertThat(read.of(ITEMS).isIn(5)).isFalse();
        assertThat(read.of(ITEMS).isIn(7)).isTrue();
        assertThat(read.of(ITEMS).isIn(8)).isFalse();
        assertThat(read.of(OTHERS).isIn(0)).isTrue();
        assertThat(read.of(OTHERS).seen()).isNull();
    }

    @Test
    void whatIsReadAgainDoesNotGoBack() {
        Records records = Records.read(1, null);
        records.readUpTo(List.of(item(ITEMS, 9, "later")));
        records.readUpTo(List.of(item(ITEMS, 2, null)));

        assertThat(records.of(ITEMS).next()).isEqualTo(10);
        assertThat(records.of(ITEMS).seen()).isEqualTo("later");
    }

    @Test
    void everyTargetTransactionHasATextOfItsOwn() {
        Records records = Records.read(1, null);
        String first = records.text(List.of());

        assertThat(records.text(List.of())).isNotEqualTo(first);
        assertThat(Records.read(2, first).text(List.of())).isNotEqualTo(first);
    }

    private static Item item(TopicPartition partition, long offset, Object seen) {
        return new Item(partition, offset, null, null, seen, offset + 1, false, null);
    }
}
