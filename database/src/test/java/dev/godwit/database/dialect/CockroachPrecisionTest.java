package dev.godwit.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.catalog.TypeWidening;
import dev.godwit.database.type.ColumnType;
import dev.godwit.database.type.TypeKind;
import org.junit.jupiter.api.Test;

class CockroachPrecisionTest {
    private static ColumnType of(TypeKind kind, String sqlType) {
        return new ColumnType(
                kind, sqlType, "", CockroachPrecision.modifier(sqlType).orElse(-1), null);
    }

    @Test
    void whatKeepsEverythingAndWhatIsNoTimeHasNoModifier() {
        for (String type : new String[] {
            "TIMESTAMP", "TIMESTAMPTZ", "TIME", "TIMETZ", "INTERVAL", "TIMESTAMP[]", "STRING(3)", "DECIMAL(3,1)"
        }) {
            assertThat(CockroachPrecision.modifier(type)).as(type).isEmpty();
        }
    }

    @Test
    void digitsAreThoseThatAreKept() {
        assertThat(CockroachPrecision.modifier("TIMESTAMP(3)")).hasValue(3);
        assertThat(CockroachPrecision.modifier("TIMESTAMPTZ(0)[]")).hasValue(0);
        assertThat(CockroachPrecision.modifier("TIMETZ(6)")).hasValue(6);
    }

    /** PostgreSQL's own numbers, from pg_attribute. */
    @Test
    void intervalsArePackedAsPostgresqlPacksThem() {
        assertThat(CockroachPrecision.modifier("INTERVAL(3)")).hasValue(2147418115);
        assertThat(CockroachPrecision.modifier("INTERVAL YEAR")).hasValue(327679);
        assertThat(CockroachPrecision.modifier("INTERVAL DAY TO SECOND(3)")).hasValue(470286339);
        assertThat(CockroachPrecision.modifier("INTERVAL HOUR TO MINUTE")).hasValue(201392127);
    }

    @Test
    void aColumnThatWouldRoundIsNotTakenForOneThatFits() {
        ColumnType source = new ColumnType(TypeKind.TIMESTAMP, "timestamp", "timestamp", -1, null);

        assertThat(TypeWidening.holds(of(TypeKind.TIMESTAMP, "TIMESTAMP(3)"), source))
                .isFalse();
        assertThat(TypeWidening.holds(of(TypeKind.TIMESTAMP, "TIMESTAMP(6)"), source))
                .isTrue();
        assertThat(TypeWidening.holds(of(TypeKind.TIMESTAMP, "TIMESTAMP"), source))
                .isTrue();
    }
}
