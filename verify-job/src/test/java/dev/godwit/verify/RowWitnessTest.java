package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Product;
import dev.godwit.verify.RowDifference.Kind;
import dev.godwit.verify.RowWitness.History;
import dev.godwit.verify.RowWitness.Round;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowWitnessTest {
    private static final List<String> KEY = List.of("1");

    private final History history = new History();

    @Test
    void aRowOfMysqlThatToggledBetweenTheReadingsIsNoDifference() {
        RowWitness witness = RowWitness.of(Product.MYSQL, RowWitnessTest::difference);

        // The source shows a, and the target b, in every reading: replication was always on its way from one to the
        // other.
        for (int round = 1; round < 10; round++) {
            assertThat(witness.real(KEY, new Round(row("a", null), row("b", "v" + round), row("a", null)), history))
                    .isEmpty();
        }
    }

    @Test
    void aRowOfMysqlIsDifferentWhenNothingWasAppliedAroundAReadingOfTheSource() {
        RowWitness witness = RowWitness.of(Product.MYSQL, RowWitnessTest::difference);
        // The source has changed behind the target's first reading: that this one has not arrived proves nothing.
        assertThat(witness.real(KEY, new Round(row("a", null), row("b", "v1"), row("c", null)), history))
                .isEmpty();

        assertThat(witness.real(KEY, new Round(row("c", null), row("b", "v1"), row("c", null)), history))
                .map(RowDifference::kind)
                .contains(Kind.MISMATCH);
        History ofAnother = new History();
        witness.real(KEY, new Round(null, row("b", "v1"), null), ofAnother);
        assertThat(witness.real(KEY, new Round(null, row("b", "v1"), row("late", null)), ofAnother))
                .map(RowDifference::kind)
                .contains(Kind.EXTRANEOUS);
    }

    @Test
    void aRowThatTheTargetLacksMustLackInRoundsOnEnd() {
        RowWitness witness = RowWitness.of(Product.MYSQL, RowWitnessTest::difference);
        Round lacking = new Round(row("a", null), null, row("a", null));
        assertThat(witness.real(KEY, lacking, history)).isEmpty();
        assertThat(witness.real(KEY, lacking, history)).isEmpty();
        assertThat(witness.real(KEY, new Round(row("a", null), row("b", "v1"), row("a", null)), history))
                .isEmpty();
        assertThat(witness.real(KEY, lacking, history)).as("counted anew").isEmpty();
        assertThat(witness.real(KEY, lacking, history)).isEmpty();
        assertThat(witness.real(KEY, lacking, history)).map(RowDifference::kind).contains(Kind.MISSING);
    }

    @Test
    void whereTheSourceHasVersionsTheyDecide() {
        RowWitness witness = RowWitness.of(Product.POSTGRESQL, RowWitnessTest::difference);
        assertThat(witness.real(KEY, new Round(row("a", "1"), row("b", "x"), row("a", "2")), history))
                .isEmpty();
        assertThat(witness.real(KEY, new Round(row("a", "2"), row("b", "y"), row("a", "2")), history))
                .map(RowDifference::kind)
                .contains(Kind.MISMATCH);
    }

    private static KeyedRow row(String value, String version) {
        return new KeyedRow(new String[] {"1", value}, version);
    }

    private static Optional<RowDifference> difference(List<String> key, KeyedRow source, KeyedRow target) {
        if (source != null && target != null && Objects.equals(source.value(1), target.value(1))) {
            return Optional.empty();
        }
        Kind kind = source == null ? Kind.EXTRANEOUS : target == null ? Kind.MISSING : Kind.MISMATCH;
        return source == target
                ? Optional.empty()
                : Optional.of(new RowDifference(kind, Map.of("id", key.get(0)), List.of()));
    }
}
