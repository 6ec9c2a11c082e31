package dev.godwit.phase.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Map;
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

    private static GcTtl.Zone of(String owner) {
        return GcTtl.Zone.parse(owner, INHERITED);
    }

    @Test
    void aZoneOfItsOwnIsToldFromAnInheritedOne() {
        GcTtl.Zone own = GcTtl.Zone.parse(
                "TABLE shop.public.orders",
                "ALTER TABLE shop.public.orders CONFIGURE ZONE USING\n\tgc.ttlseconds = 90000");

        assertThat(of("RANGE default").own()).isFalse();
        assertThat(of("RANGE default").seconds()).isEqualTo(14_400);
        assertThat(of("RANGE default").others())
                .hasSize(5)
                .containsEntry("num_replicas", "3")
                .containsEntry("lease_preferences", "'[]'");
        assertThat(own).isEqualTo(new GcTtl.Zone(true, 90_000, Map.of()));
    }

    /** An own zone is shown with all that it inherits (GetZoneConfigInTxn completes it), from v22.1 on. */
    @Test
    void settingsThatSomebodyElseHasMadeStayWhenOursIsTakenBack() {
        GcTtl.Zone oursAlone = GcTtl.Zone.parse(
                "TABLE shop.public.orders", INHERITED.replace("gc.ttlseconds = 14400", "gc.ttlseconds = 1"));
        GcTtl.Zone more =
                GcTtl.Zone.parse("TABLE shop.public.orders", INHERITED.replace("num_replicas = 3", "num_replicas = 5"));

        assertThat(GcTtl.inherit(oursAlone, of("DATABASE shop"))).isEqualTo("DISCARD");
        assertThat(GcTtl.inherit(new GcTtl.Zone(true, 1, Map.of()), of("RANGE default")))
                .isEqualTo("DISCARD");
        assertThat(GcTtl.inherit(more, of("RANGE default"))).contains("COPY FROM PARENT");
    }

    @Test
    void saysWhatToDoWhereTheServerDoesNotLetIt() {
        SQLException locked =
                new SQLException("schema changes are disallowed on table \"orders\" because it is locked", "57000");

        assertThat(GcTtl.refused(locked)).get().satisfies(refused -> assertThat(refused.remedy())
                .contains("schema_locked = false"));
        assertThat(GcTtl.refused(new SQLException("gone", "08006"))).isEmpty();
    }

    @Test
    void whatIsNoZoneIsNotGuessedAt() {
        assertThatThrownBy(() -> GcTtl.Zone.parse("TABLE t", "")).isInstanceOf(IllegalStateException.class);
    }
}
