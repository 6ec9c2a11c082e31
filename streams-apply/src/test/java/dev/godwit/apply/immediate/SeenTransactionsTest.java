package dev.godwit.apply.immediate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.BinlogPosition;
import dev.godwit.apply.change.Lsn;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.change.Position;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.Event.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SeenTransactionsTest {
    private static final Origin ORIGIN = new Origin(new TopicPartition("t", 0), 7);

    private SeenTransactions seen = new SeenTransactions(null);

    /** Transactions whose rows stand between each other's in the log, as those that ran at the same time do. */
    private static List<Event.TransactionRow> history() {
        List<Event.TransactionRow> rows = new ArrayList<>();
        long lastCommit = 0;
        for (int transaction = 1; transaction <= 40; transaction++) {
            for (int number = 1; number <= 3; number++) {
                long lsn = 1_000L * transaction + number - (transaction % 3 == 0 ? 1_500 : 0);
                rows.add(row(String.valueOf(transaction), lastCommit == 0 ? null : new Lsn(lastCommit), lsn, number));
            }
            lastCommit = 1_000L * transaction + 500;
        }
        return rows;
    }

    @Test
    void whateverStretchComesAgainOnlyNewRowsAreNew() {
        List<Event.TransactionRow> history = history();
        Random random = new Random(3);
        List<Event.TransactionRow> taken = new ArrayList<>();
        int reached = 0;
        while (reached < history.size()) {
            // Again from the beginning of some transaction, and then on.
            int from = random.nextInt(reached / 3 + 1) * 3;
            int to = Math.min(history.size(), reached + random.nextInt(10));
            for (Event.TransactionRow row : history.subList(from, Math.max(from, to))) {
                if (!seen.isRepeated(ORIGIN, row)) {
                    taken.add(row);
                }
            }
            reached = Math.max(reached, to);
            if (!taken.isEmpty()) { // and sometimes by a new owner
                seen = new SeenTransactions(seen.mark().toString());
            }
        }

        assertThat(taken).containsExactlyElementsOf(history);
    }

    @Test
    void aTransactionOfAnotherLifeOfTheSameNumberIsNew() {
        seen.isRepeated(ORIGIN, row("7", new Lsn(100), 150, 3));

        assertThat(seen.isRepeated(ORIGIN, row("7", new Lsn(9_000), 9_050, 1))).isFalse();
    }

    @Test
    void aTransactionThatComesAgainWithAnEarlierPlaceGoesOnWhereItWas() {
        assertThat(seen.isRepeated(ORIGIN, row("7", new Lsn(130), 150, 1))).isFalse();

        assertThat(seen.isRepeated(ORIGIN, row("7", new Lsn(100), 150, 1))).isTrue();
        assertThat(seen.isRepeated(ORIGIN, row("7", new Lsn(100), 150, 2))).isFalse();
        assertThat(seen.isRepeated(ORIGIN, row("7", new Lsn(100), 160, 3))).isFalse();
    }

    @Test
    void aConnectorThatBeginsAnewWithoutItsPlaceIsNotTrusted() {
        seen.isRepeated(ORIGIN, row("7", null, 150, 1));
        seen.isRepeated(ORIGIN, row("8", new Lsn(200), 250, 1));

        assertThat(seen.isRepeated(ORIGIN, row("7", null, 150, 1)))
                .as("the very first transaction, again")
                .isTrue();
        assertThatThrownBy(() -> seen.isRepeated(ORIGIN, row("9", null, 350, 1)))
                .isInstanceOf(ApplyException.class)
                .hasMessageContaining("t-0@7");
    }

    @Test
    void rowsOfOneEventInMysqlsLogHaveOnePlaceAndDifferentNumbers() {
        Position place = BinlogPosition.of("mysql-bin.000003", 400);
        assertThat(seen.isRepeated(ORIGIN, mysql(place, 1))).isFalse();
        assertThat(seen.isRepeated(ORIGIN, mysql(place, 2))).isFalse();
        seen = new SeenTransactions(seen.mark().toString());

        assertThat(seen.isRepeated(ORIGIN, mysql(place, 1))).isTrue();
        assertThat(seen.isRepeated(ORIGIN, mysql(place, 2))).isTrue();
        assertThat(seen.isRepeated(ORIGIN, mysql(place, 3))).isFalse();
    }

    @Test
    void whetherARowHasCertainlyComeBeforeIsToldWithoutNotingIt() {
        assertThat(seen.isPassed(ORIGIN, row("7", new Lsn(100), 150, 1))).isFalse();
        seen.isRepeated(ORIGIN, row("7", new Lsn(100), 150, 1));
        seen.isRepeated(ORIGIN, row("8", new Lsn(200), 250, 1));

        assertThat(seen.isPassed(ORIGIN, row("7", new Lsn(100), 160, 2))).isTrue();
        assertThat(seen.isPassed(ORIGIN, row("8", new Lsn(200), 250, 1))).isTrue();
        assertThat(seen.isPassed(ORIGIN, row("8", new Lsn(200), 260, 2))).isFalse();
        assertThat(seen.isPassed(ORIGIN, row("8", new Lsn(200), 260, 2))).isFalse();
        assertThat(seen.isRepeated(ORIGIN, row("8", new Lsn(200), 260, 2))).isFalse();
    }

    private static Event.TransactionRow row(String transaction, Position place, long lsn, long number) {
        return new Event.TransactionRow(
                transaction, "s.item", number, number, new Lsn(lsn), Meaning.DATA, null, null, place);
    }

    private static Event.TransactionRow mysql(Position place, long number) {
        return new Event.TransactionRow(
                "4c658ae6-e8ad-11ef-8449-0242ac140006:23",
                "s.item",
                number,
                number,
                place,
                Meaning.DATA,
                null,
                null,
                place);
    }
}
