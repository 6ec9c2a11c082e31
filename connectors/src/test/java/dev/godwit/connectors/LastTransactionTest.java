package dev.godwit.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import org.junit.jupiter.api.Test;

class LastTransactionTest {
    private static final String GTID = "3e11fa47-71ca-11e1-9e33-c80aa9429562:23";

    @Test
    void aBeginIsTheBeginningOfAnOpenTransactionAndATableOfThatNameIsNot() {
        assertThat(json("BEGIN", "571:53195829").isOpen()).isTrue();
        assertThat(json("END", "571:53195829").isOpen()).isFalse();
        assertThat(avro("BEGIN", "571:53195829").isOpen()).isTrue();
        assertThat(avro("END", "571:53195829").isOpen()).isFalse();
    }

    @Test
    void theGtidIsReadWithoutThePlaceBehindIt() {
        assertThat(json("BEGIN", GTID).gtid()).isEqualTo(GTID);
        assertThat(json("END", GTID + " mysql-bin.000003:456").gtid()).isEqualTo(GTID);
        assertThat(avro("BEGIN", GTID).gtid()).isEqualTo(GTID);
        assertThat(avro("END", GTID + " mysql-bin.000003:456").gtid()).isEqualTo(GTID);
        String tagged = GTID.replace(":23", ":blue_1:7");
        assertThat(json("BEGIN", tagged).gtid()).isEqualTo(tagged);
        assertThatThrownBy(() -> json("END", "file=mysql-bin.000003,pos=4").gtid())
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no GTID");
    }

    private static LastTransaction json(String status, String id) {
        return new LastTransaction(
                "{\"status\":\"" + status + "\",\"id\":\"" + id
                        + "\",\"event_count\":1,\"data_collections\":[{\"data_collection\":\"s.BEGIN\",\"event_count\":1}],\"ts_ms\":1}");
    }

    /** Its numbers as a decoder of texts leaves them. */
    private static LastTransaction avro(String status, String id) {
        return new LastTransaction(
                "\0\0\0\0\ufffd" + (char) (2 * status.length()) + status + "\ufffd" + id + "\0\u0002\0\u000es.BEGIN");
    }
}
