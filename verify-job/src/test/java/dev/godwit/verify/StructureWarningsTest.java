package dev.godwit.verify;

import static dev.godwit.verify.TwoDatabases.both;
import static dev.godwit.verify.TwoDatabases.source;
import static dev.godwit.verify.TwoDatabases.target;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoDatabases.class)
class StructureWarningsTest {

    @Test
    void nothingIsWarnedOfWhereBothSidesAreAlike() {
        both("CREATE TABLE s.p (id INT PRIMARY KEY);"
                + " CREATE TABLE s.a (id SERIAL PRIMARY KEY, n NUMERIC(10,2) DEFAULT 1.5 CHECK (n > 0), t TIMESTAMPTZ DEFAULT now(),"
                + " p INT REFERENCES s.p, u TEXT UNIQUE); CREATE INDEX ON s.a (n, t DESC)");
        VerifyReport report = verify();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    @Test
    void everyWarningNamesWhatDiffersAndNoneMakesTheSidesDifferent() {
        source("CREATE TABLE s.p (id INT PRIMARY KEY);"
                + " CREATE TABLE s.a (id SERIAL PRIMARY KEY, n NUMERIC DEFAULT 1 CHECK (n > 0), p INT REFERENCES s.p, u TEXT UNIQUE,"
                + " d INT DEFAULT 1); CREATE INDEX ON s.a (n)");
        target(
                "CREATE TABLE s.p (id INT PRIMARY KEY); CREATE TABLE s.a (id SERIAL PRIMARY KEY, n NUMERIC DEFAULT 2, p INT, u TEXT,"
                        + " d INT, CHECK (d < 5)); CREATE INDEX ON s.a (p)");
        both("INSERT INTO s.a (id, n, d) VALUES (41, 1, 1)");
        VerifyReport report = verify();
        assertThat(report.isEqual()).isTrue();
        assertThat(report.warnings())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "s.a.n: default is 1 on the source and 2 on the target",
                        "s.a.d: has a default on the source only: 1",
                        "s.a: unique key on the source only: (u)",
                        "s.a: foreign key on the source only: (p) to (id) of s.p",
                        "s.a: check on the source only: n>0",
                        "s.a: check on the target only: d<5",
                        "s.a: index on the source only: (n)",
                        "s.a: index on the target only: (p)",
                        "s.a.id: its sequence on the target stands at 1, behind the highest value 41; before applications write"
                                + " there: SELECT setval('s.a_id_seq', 41)");
    }

    @Test
    void aKeyThatIsOrderedInAnotherWayIsWarnedOf() {
        both("CREATE TABLE s.a (name TEXT PRIMARY KEY); CREATE TABLE s.b (name TEXT COLLATE \"C\" PRIMARY KEY)");
        assertThat(verify().warnings())
                .extracting(Object::toString)
                .containsExactly(
                        "s.a.name: key is ordered as in locale en on the source and by code point on the target:"
                                + " queries with ORDER BY or a range answer differently");
    }

    private static VerifyReport verify() {
        return TwoDatabases.verify();
    }
}
