package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.verify.TableCutting.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TableCuttingTest {

    @Test
    void eachKeyLiesInOneRangeHoweverItIsCut() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<List<String>> cuts = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                cuts.add(List.of("key" + cuts.size()));
            }
            int ranges = 1 + random.nextInt(12);

            List<Part> parts = TableCutting.evenly(cuts, ranges).parts();

            List<List<String>> again = new ArrayList<>();
            List<String> end = List.of();
            for (Part part : parts) {
                assertThat(part.range().from()).describedAs("seed %d", seed).isEqualTo(end);
                if (!end.isEmpty()) {
                    again.add(end);
                }
                again.addAll(part.cuts());
                end = part.range().to();
            }
            assertThat(end).describedAs("seed %d", seed).isEmpty();
            assertThat(again).describedAs("seed %d", seed).isEqualTo(cuts);
            assertThat(parts).hasSizeLessThanOrEqualTo(ranges);
            assertThat(parts.size()).isGreaterThanOrEqualTo(Math.min(ranges, cuts.size() + 1) / 2);
        }
    }
}
