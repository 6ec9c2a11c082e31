package dev.godwit.apply.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Forms of sets that no server is needed for; refused ones are in {@code LoadedLaterTest}. */
class GtidSetTest {
    private static final String ONE = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
    private static final String TWO = "4f22ab58-71ca-11e1-9e33-c80aa9429562";

    @Test
    void takesTheFormsThatAServerWrites() {
        GtidSet set = GtidSet.parse(ONE + ":1-3:11:47-49,\n" + TWO + ":1-19:orders:1-4:9:_other:2\n");
        for (String in : new String[] {
            ONE + ":3", ONE + ":11", ONE + ":48", TWO + ":19", TWO + ":orders:4", TWO + ":orders:9", TWO + ":_other:2"
        }) {
            assertThat(set.contains(in)).as(in).isTrue();
        }
        for (String out : new String[] {
            ONE + ":4", ONE + ":10", ONE + ":50", TWO + ":20", TWO + ":orders:5", TWO + ":_other:1", ONE + ":orders:1"
        }) {
            assertThat(set.contains(out)).as(out).isFalse();
        }
        assertThat(GtidSet.parse("").isEmpty()).isTrue();
        assertThat(GtidSet.parse(ONE + ":9223372036854775806").contains(ONE + ":9223372036854775806"))
                .isTrue();
    }

    @Test
    void intervalsMayOverlapAndComeInAnyOrder() {
        Random random = new Random(11);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder(ONE);
            Set<Long> numbers = new TreeSet<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                long first = 1L + random.nextInt(40);
                long last = first + random.nextInt(6);
                text.append(':').append(first).append('-').append(last);
                for (long number = first; number <= last; number++) {
                    numbers.add(number);
                }
            }
            GtidSet set = GtidSet.parse(text.toString());
            StringBuilder singly = new StringBuilder(ONE);
            numbers.forEach(number -> singly.append(':').append(number));
            GtidSet same = GtidSet.parse(singly.toString());
            for (long number = 1; number <= 50; number++) {
                assertThat(set.contains(ONE + ":" + number))
                        .as("%s in %s", number, text)
                        .isEqualTo(numbers.contains(number));
            }
            assertThat(set.containsAll(same) && same.containsAll(set))
                    .as(text.toString())
                    .isTrue();
            assertThat(set.containsAll(GtidSet.parse(singly + ":51")))
                    .as(text.toString())
                    .isFalse();
        }
    }
}
