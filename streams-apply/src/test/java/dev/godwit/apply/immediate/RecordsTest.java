package dev.godwit.apply.immediate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Lsn;
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
    void whatAnEarlierOwnerHasLeftWaitingStaysSoUntilItIsReadAgain() {
        Records records = Records.read(1, null);
        List<Item> items = List.of(item(ITEMS, 4, "a"), item(ITEMS, 5, "b"), item(ITEMS, 6, "c"));
        records.readUpTo(items);
        Records second = Records.read(2, records.text(items.subList(0, 2)));
        second.readUpTo(items.subList(0, 1));
        Records third = Records.read(3, second.text(List.of()));

        assertThat(third.of(ITEMS).isIn(4)).isTrue();
        assertThat(third.of(ITEMS).isIn(5))
                .as("the second owner has never seen it")
                .isFalse();
        assertThat(third.owes()).isTrue();
        third.readUpTo(List.of(item(ITEMS, 5, "b")));
        assertThat(third.owes()).isFalse();
        assertThat(Records.read(4, third.text(List.of())).of(ITEMS).isIn(5)).isTrue();
    }

    @Test
    void stopsIfARecordThatIsNotAppliedIsNotThereAnyMore() {
        Records records = Records.read(1, null);
        List<Item> items = List.of(item(ITEMS, 4, "a"), item(ITEMS, 9, "b"));
        records.readUpTo(items);
        Records second = Records.read(2, records.text(items.subList(0, 1)));

        assertThatThrownBy(() -> second.readUpTo(items.subList(1, 2)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("record 4 of shop.s.item-3 is not applied yet");
    }

    @Test
    void aRepeatedMarkerIsNoMarker() {
        Records records = Records.read(1, null);
        assertThat(records.marked("7", new Lsn(20))).isEqualTo("7@0/14");
        Records second = Records.read(2, records.text(List.of()));

        assertThat(second.marked("6", new Lsn(10))).isNull();
        assertThat(second.marked("7", new Lsn(20))).isNull();
        assertThat(second.marked("8", new Lsn(30))).isEqualTo("8@0/1E");
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
