package dev.godwit.phase.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "cannot reach postgresql://app:s3cret@host:5432/shop | cannot reach postgresql://app:***@host:5432/shop",
                "{\"database.password\":\"s3cret\",\"x\":1} | {\"database.password\":\"***\",\"x\":1}",
                "database.password = s3cret | database.password = ***",
                "jdbc:postgresql://h/d?user=a&password=s3cret&ssl=true | jdbc:postgresql://h/d?user=a&password=***&ssl=true",
                "PASSWORD=s3cret | PASSWORD=***",
                "ssl.key.password = null | ssl.key.password = null",
                "sasl.jaas.config = [hidden] | sasl.jaas.config = [hidden]",
                "postgresql://app@host:5432/shop | postgresql://app@host:5432/shop",
                "http://localhost:8083/connectors asks bob@example.org | http://localhost:8083/connectors asks bob@example.org",
            })
    void blotsOutPasswordsOnly(String text, String masked) {
        assertThat(Secrets.mask(text)).isEqualTo(masked);
    }
}
