package dev.godwit.verify.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.database.Database;
import dev.godwit.local.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Both products must make the same number of a hash, and each takes another expression for it. */
class HashNumbersTest {
    /** With all signs and zeros at the front; PostgreSQL takes CockroachDB's expression too, from version 16 on. */
    private static final String HASHES = "(SELECT encode(sha256(i::text::bytea), 'hex') AS hash FROM"
            + " generate_series(1, 2000) i UNION ALL SELECT repeat(d, 64) FROM unnest(ARRAY['0', '7', '8', 'f']) d UNION"
            + " ALL SELECT '80000000000000007fffffffffffffff' UNION ALL SELECT '00000000ffffffff0000000100000000') AS q";

    @Test
    void theNumberOfAHashIsTheSameOnBothProducts() throws SQLException {
        try (PostgresServer server = PostgresServer.start("numbers")) {
            Database database = Database.connect("source", server.createDatabase("numbers"));
            for (int from : new int[] {1, 17}) {
                try (Connection connection = database.open();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT count(*), count(*) FILTER (WHERE "
                                + ChecksumSql.number(from) + " = " + ChecksumSql.cockroachNumber(from) + "), min("
                                + ChecksumSql.number(from) + ") FROM " + HASHES)) {
                    row.next();
                    assertThat(row.getLong(2)).isEqualTo(row.getLong(1)).isEqualTo(2006);
                    assertThat(row.getLong(3)).isNegative();
                }
            }
        }
    }
}
