package dev.godwit.database.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatesTest {
    private static SQLException state(String state) {
        return new SQLException("x", state);
    }

    @ParameterizedTest
    @CsvSource({
        "40001, RETRY_NOW",
        "40P01, RETRY_NOW",
        "55P03, RETRY_NOW",
        "23503, RETRY_AFTER_EARLIER",
        "23505, RETRY_AFTER_EARLIER",
        "23P01, RETRY_AFTER_EARLIER",
        "23001, RETRY_AFTER_EARLIER",
        "08006, RECONNECT",
        "08001, RECONNECT",
        "08003, RECONNECT",
        "57P01, RECONNECT",
        "57P03, RECONNECT",
        "57P05, RECONNECT",
        "25P03, RECONNECT",
        "53300, RECONNECT",
        "40003, RECONNECT",
        "22001, BAD_ROW",
        "22003, BAD_ROW",
        "22P02, BAD_ROW",
        "23502, BAD_ROW",
        "23514, BAD_ROW",
        "42501, STOP",
        "42P01, STOP",
        "53100, STOP",
        "21000, STOP",
        "57P04, STOP",
        "25006, STOP",
        "XX000, STOP",
    })
    void tellsFailuresApart(String state, FailureClass expected) {
        assertThat(SqlStates.classify(state(state))).isEqualTo(expected);
    }

    @Test
    void looksThroughCausesNextExceptionsAndTheirCauses() {
        assertThat(SqlStates.classify(new SQLException("wrapped", state("40001"))))
                .isEqualTo(FailureClass.RETRY_NOW);
        assertThat(SqlStates.classify(new SQLException("wrapped", new RuntimeException(state("22003")))))
                .isEqualTo(FailureClass.BAD_ROW);

        BatchUpdateException batch = new BatchUpdateException(new int[0]);
        batch.setNextException(state("23505"));
        assertThat(SqlStates.classify(batch)).isEqualTo(FailureClass.RETRY_AFTER_EARLIER);

        SQLException nextOfCause = state("XX000");
        nextOfCause.setNextException(new SQLException("y", new RuntimeException(state("08006"))));
        assertThat(SqlStates.classify(new SQLException("wrapped", nextOfCause))).isEqualTo(FailureClass.RECONNECT);
    }

    @Test
    void letsTheOutermostFailureThatSaysMoreThanStopDecide() {
        SQLException outer = state("08006");
        outer.initCause(state("22003"));
        assertThat(SqlStates.classify(outer)).isEqualTo(FailureClass.RECONNECT);
    }

    @Test
    void takesAPoolWithoutAFreeConnectionForALostOne() {
        assertThat(SqlStates.classify(new SQLTransientConnectionException("not available, request timed out")))
                .isEqualTo(FailureClass.RECONNECT);
        assertThat(SqlStates.classify(new SQLException("no state"))).isEqualTo(FailureClass.STOP);
    }

    @Test
    @Timeout(60)
    void endsWhereCausesGoInACircle() {
        SQLException first = new SQLException("a");
        SQLException second = new SQLException("b", first);
        first.initCause(second);
        assertThat(SqlStates.classify(first)).isEqualTo(FailureClass.STOP);
    }
}
