package dev.godwit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    private static final String SECRET = "s3cr3t";

    private static DatabaseUrl parse(String text) {
        return DatabaseUrl.parse("--source", text);
    }

    @Test
    void takesAllParts() {
        DatabaseUrl url = parse("postgresql://ann:pw@db.example.org:6000/shop?sslmode=require&ApplicationName=x");
        assertThat(url.host()).isEqualTo("db.example.org");
        assertThat(url.port()).isEqualTo(6000);
        assertThat(url.database()).isEqualTo("shop");
        assertThat(url.user()).isEqualTo("ann");
        assertThat(url.password()).isEqualTo("pw");
        assertThat(url.parameters()).isEqualTo(Map.of("sslmode", "require", "ApplicationName", "x"));
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://db.example.org:6000/shop");
        assertThat(url.jdbcProperties())
                .containsOnly(
                        Map.entry("user", "ann"),
                        Map.entry("password", "pw"),
                        Map.entry("sslmode", "require"),
                        Map.entry("ApplicationName", "x"));
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u@h/d, h, 5432",
        "postgres://u@h/d, h, 5432",
        "POSTGRESQL://u@h/d, h, 5432",
        "jdbc:postgresql://u@h/d, h, 5432",
        "cockroachdb://u@h/d, h, 26257",
        "postgresql://u@my_database_1:1/d, my_database_1, 1",
        "postgresql://u@[::1]:7/d, [::1], 7",
        "postgresql://u@[fe80::1]/d, [fe80::1], 5432",
        "postgresql://u@127.0.0.1/d, 127.0.0.1, 5432",
    })
    void takesTheUsualForms(String text, String host, int port) {
        DatabaseUrl url = parse(text);
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://" + host + ":" + port + "/d");
    }

    @Test
    void undoesPercentEncodingAndLeavesPlusAlone() {
        DatabaseUrl url = parse("postgresql://a%40b:p%2Fw%3A%25+%C3%A4@h/my%20shop%2F1?options=-c%20x%3Dy");
        assertThat(url.user()).isEqualTo("a@b");
        assertThat(url.password()).isEqualTo("p/w:%+ä");
        assertThat(url.database()).isEqualTo("my shop/1");
        assertThat(url.parameters()).containsEntry("options", "-c x=y");
    }

    @Test
    void withPasswordReadsBackAsTheSameUrl() {
        DatabaseUrl url =
                parse("postgresql://a%40b:p%2Fw%3A%25+%C3%A4@[::1]:7/my%20shop%2F1?sslpassword=x%26y&b=c%20d");
        DatabaseUrl again = parse(url.withPassword());
        assertThat(again.jdbcUrl()).isEqualTo(url.jdbcUrl());
        assertThat(again.jdbcProperties()).isEqualTo(url.jdbcProperties());
        assertThat(again.password()).isEqualTo("p/w:%+ä");
    }

    @Test
    void withPasswordKeepsSecretParametersAlsoWhereThereIsNoPassword() {
        assertThat(parse("postgresql://u@h/d?sslpassword=" + SECRET).withPassword())
                .endsWith("?sslpassword=" + SECRET);
    }

    @Test
    void takesUserAndPasswordAsParametersOfAJdbcUrl() {
        DatabaseUrl url = parse("jdbc:postgresql://h/d?user=ann&password=" + SECRET + "&sslmode=disable");
        assertThat(url.user()).isEqualTo("ann");
        assertThat(url.password()).isEqualTo(SECRET);
        assertThat(url.parameters()).containsOnlyKeys("sslmode");
        assertThat(url).hasToString("postgresql://ann:***@h:5432/d?sslmode=disable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://u:s3cr3t@h/d",
                "postgresql://u:s3cr3t@h/d?sslpassword=s3cr3t",
                "postgresql://u:***@h/d?sslpassword=s3cr3t",
                "postgresql://u@h/d?sslpassword=s3cr3t&trustStorePASSWORD=s3cr3t",
                "postgresql://u@h/d?password=s3cr3t",
                "postgresql://u@h/d?oauthToken=s3cr3t&clientSecret=s3cr3t&pwd=s3cr3t",
            })
    void neverShowsASecret(String text) {
        DatabaseUrl url = parse(text);
        assertThat(url.toString()).doesNotContain(SECRET).contains("***");
        assertThat(url.jdbcUrl()).doesNotContain(SECRET);
        assertThat(url.withDatabase("other").toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cr3t",
                "u:s3cr3t@h/d",
                "://u:s3cr3t@h/d",
                "postgresql:u:s3cr3t@h/d",
                "postgresql://u:s3cr3t@/d",
                "postgresql://u:s3cr3t@:5432/d",
                "postgresql://u:s3cr3t@h",
                "postgresql://u:s3cr3t@h/",
                "postgresql://u:s3cr3t@h/d/e",
                "postgresql://u:s3cr3t@h:port/d",
                "postgresql://u:s3cr3t@h:0/d",
                "postgresql://u:s3cr3t@h:65536/d",
                "postgresql://u:s3cr3t@h1,h2/d",
                "postgresql://u:s3cr3t@x@h/d",
                "postgresql://u:s3cr3t/x@h/d",
                "postgresql://u:s3cr3t#x@h/d",
                "postgresql://u:s3cr3t?x@h/d",
                "postgresql://u:s3cr3t%@h/d",
                "postgresql://u:s3cr3t%zz@h/d",
                "postgresql://u:s3cr3t%ff@h/d",
                "postgresql://u:s3cr3t x@h/d",
                "postgresql://u:s3cr3t[x@h/d",
                "postgresql://u:s3cr3t\\x@h/d",
                "postgresql://:s3cr3t@h/d",
                "postgresql://h/d?password=s3cr3t",
                "postgresql://u:x@h/d?password=s3cr3t",
                "postgresql://u@h/d?sslpassword=s3cr3t#x",
                "postgresql://u@h/d?sslpassword=a&s3cr3t",
                "postgresql://u@h/d?=s3cr3t",
                "postgresql://u@h/d?sslpassword=s3cr3t&sslpassword=s3cr3t",
                "oracle://u:s3cr3t@h/d",
                "http://u:s3cr3t@h/d",
                "",
            })
    void refusesWhatIsNoDatabaseUrlWithoutShowingIt(String text) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> parse(text));
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).startsWith("--source").doesNotContain(SECRET);
        assertThat(refused.remedy()).isNotBlank().doesNotContain(SECRET);
        assertThat(refused.getCause()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:p@/d, names no host",
        "postgresql:///d, names no host",
        "postgresql://u@h, names no database",
        "postgresql://h/d, names no user",
        "postgresql://u@h:99999/d, no single host and port",
        "postgresql://u:a@b@h/d, more than one @",
        "oracle://u@h/d, oracle is not supported",
    })
    void saysWhatIsMissing(String text, String reason) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> parse(text));
        assertThat(refused).hasMessageContaining(reason);
    }

    @Test
    void severalHostsAreTriedInTheirOrder() {
        DatabaseUrl url = DatabaseUrl.parse("--target", "cockroachdb://root@n1:26257,n2,n3:26258/shop?sslmode=disable");

        assertThat(url.host()).isEqualTo("n1");
        assertThat(url.hosts()).isEqualTo("n1:26257,n2:26257,n3:26258");
        assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://n1:26257,n2:26257,n3:26258/shop");
        assertThat(url).hasToString("cockroachdb://root@n1:26257,n2:26257,n3:26258/shop?sslmode=disable");
        assertThatThrownBy(() -> DatabaseUrl.parse("--target", "cockroachdb://root@n1,:2/shop"))
                .isInstanceOf(RefusedException.class);
    }
}
