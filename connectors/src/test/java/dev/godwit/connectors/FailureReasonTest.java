package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureReasonTest {

    @Test
    void findsTheCauseThatMatters() {
        String trace = """
                org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.
                \tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)
                \tat java.base/java.lang.Thread.run(Thread.java:840)
                Caused by: org.apache.kafka.connect.errors.ConnectException: Error while processing event at offset {transaction_id=762, lsn=23861440}
                \tat io.debezium.pipeline.EventDispatcher.handleEventProcessingFailure(EventDispatcher.java:362)
                \t... 10 more
                Caused by: org.apache.kafka.connect.errors.ConnectException: java.time.format.DateTimeParseException: Text '12:34+05:30:15' could not be parsed
                \tat io.debezium.connector.postgresql.connection.DateTimeFormat.format(DateTimeFormat.java:167)
                \t... 19 more
                Caused by: java.time.format.DateTimeParseException: Text '12:34+05:30:15' could not be parsed
                \tat java.base/java.time.format.DateTimeFormatter.parse(DateTimeFormatter.java:1954)
                \t... 30 more
                """;
        assertThat(FailureReason.of(trace)).isEqualTo("Text '12:34+05:30:15' could not be parsed");
    }

    @Test
    void tellsFirstAndLastCauseWhereBothSaySomething() {
        String trace = """
                io.debezium.DebeziumException: Creation of replication slot failed
                \tat a.B.c(B.java:1)
                Caused by: org.postgresql.util.PSQLException: ERROR: all replication slots are in use
                  Hint: Free one.
                \tat d.E.f(E.java:2)
                """;
        assertThat(FailureReason.of(trace))
                .isEqualTo(
                        "Creation of replication slot failed: ERROR: all replication slots are in use Hint: Free one.");
    }

    @Test
    void keepsWhatThereIsWhenNothingElseIsSaid() {
        assertThat(FailureReason.of("java.lang.NullPointerException\n\tat a.B.c(B.java:1)\n"))
                .isEqualTo("java.lang.NullPointerException");
        assertThat(FailureReason.of("x.ConnectException: Tolerance exceeded in error handler\n\tat a.B.c(B.java:1)\n"))
                .isEqualTo("Tolerance exceeded in error handler");
    }

    @Test
    void hidesPasswords() {
        assertThat(
                        FailureReason.of(
                                "a.BException: cannot open postgresql://u:geheim@h/d with password=geheim, user=u\n\tat x.Y.z(Y.java:1)"))
                .isEqualTo("cannot open postgresql://u:***@h/d with password=***, user=u");
    }
}
