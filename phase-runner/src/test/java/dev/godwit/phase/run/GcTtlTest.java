package dev.godwit.phase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What {@code SHOW ZONE CONFIGURATION} says, as the documentation of CockroachDB shows it. */
class GcTtlTest {
    private static final String INHERITED = """
            ALTER RANGE default CONFIGURE ZONE USING
            \trange_min_bytes = 134217728,
            \trange_max_bytes = 536870912,
            \tgc.ttlseconds = 14400,
            \tnum_replicas = 3,
            \tconstraints = '[]',
            \tlease_preferences = '[]'""";

    @Test
    void aZoneOfItsOwnIsToldFromAnInheritedOne() {
        GcTtl.Zone inherited = GcTtl.Zone.parse("RANGE default", INHERITED);
        GcTtl.Zone own = GcTtl.Zone.parse(
                "TABLE shop.public.orders",
                "ALTER TABLE shop.public.orders CONFIGURE ZONE USING\n\tgc.ttlseconds = 90000");

        assertThat(inherited).isEqualTo(new GcTtl.Zone(false, 14_400, 6));
        assertThat(own).isEqualTo(new GcTtl.Zone(true, 90_000, 1));
    }

    @Test
    void settingsThatSomebodyElseHasMadeStayWhenOursIsTakenBack() {
        assertThat(GcTtl.inherit(new GcTtl.Zone(true, 1, 1))).isEqualTo("DISCARD");
        assertThat(GcTtl.inherit(new GcTtl.Zone(true, 1, 2))).contains("COPY FROM PARENT");
    }

    @Test
    void whatIsNoZoneIsNotGuessedAt() {
        assertThatThrownBy(() -> GcTtl.Zone.parse("TABLE t", "")).isInstanceOf(IllegalStateException.class);
    }
}
