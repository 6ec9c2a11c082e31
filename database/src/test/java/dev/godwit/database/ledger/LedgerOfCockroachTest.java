package dev.godwit.database.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerOfCockroachTest {
    @Test
    void theEpochIsInAColumnFamilyOfItsOwn() {
        assertThat(LedgerSchema.ofCockroach(
                        "CREATE TABLE t (domain TEXT PRIMARY KEY, epoch BIGINT,\nUNIQUE (domain, epoch))"))
                .contains("UNIQUE (domain, epoch),\nFAMILY ownership (domain, epoch),")
                .endsWith("restart_offsets, changed_at))");
        assertThat(LedgerSchema.ofCockroach("CREATE SCHEMA IF NOT EXISTS _godwit"))
                .isEqualTo("CREATE SCHEMA IF NOT EXISTS _godwit");
    }
}
