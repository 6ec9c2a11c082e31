package dev.godwit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.verify.ReadSession.Setting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TwoDatabases.class)
class ReadSessionTest {

    @Test
    void numbersStandWithoutQuotesWhereTextIsNotTakenForThem() {
        assertThat(new Setting("extra_float_digits", "3").statement()).isEqualTo("SET extra_float_digits = 3");
        assertThat(new Setting("standard_conforming_strings", "on").statement())
                .isEqualTo("SET standard_conforming_strings = on");
        assertThat(new Setting("DateStyle", "ISO, MDY").statement()).isEqualTo("SET DateStyle = 'ISO, MDY'");
    }

    @Test
    void aSessionShowsValuesInOneFormAndWritesNothing() throws SQLException {
        TwoDatabases.source(
                "ALTER DATABASE source SET bytea_output = 'escape'; ALTER DATABASE source SET TimeZone = 'Asia/Colombo'");
        try (Connection connection = ReadSession.open(TwoDatabases.source(), Optional.empty(), Duration.ofSeconds(90));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT '\\x00'::bytea::text, '2024-01-01 00:00+00'::timestamptz::text,"
                                + " current_setting('statement_timeout'), current_setting('row_security'),"
                                + " current_setting('transaction_read_only'), current_setting('transaction_isolation')")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("\\x00");
            assertThat(row.getString(2)).isEqualTo("2024-01-01 00:00:00+00");
            assertThat(row.getString(3)).isEqualTo("90s");
            assertThat(row.getString(4)).isEqualTo("off");
            assertThat(row.getString(5)).isEqualTo("on");
            assertThat(row.getString(6)).isEqualTo("repeatable read");
        } finally {
            TwoDatabases.source("ALTER DATABASE source RESET bytea_output; ALTER DATABASE source RESET TimeZone");
        }
    }
}
