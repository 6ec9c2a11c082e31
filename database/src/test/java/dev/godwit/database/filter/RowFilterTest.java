package dev.godwit.database.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.godwit.database.Product;
import dev.godwit.database.RefusedException;
import dev.godwit.database.dialect.Dialect;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the same filter means in a real database is shown in the module local-stack. */
class RowFilterTest {
    private static final Dialect POSTGRES = Dialect.of(Product.POSTGRESQL);

    private static RowFilter parse(String text) {
        return RowFilter.parse(text, Tables.SHOP);
    }

    private static RefusedException refusal(String text) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> parse(text));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.remedy()).isNotBlank();
        return refused;
    }

    private static boolean matches(String text, String... namesAndValues) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return parse(text).matches(row::get);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "region = 'eu' | \"region\" = 'eu'",
                "REGION <> 'it''s' | \"region\" <> 'it''s'",
                "\"Region\" != 'a\\b' | \"Region\" <> E'a\\\\b'",
                "5 < id | \"id\" > 5",
                "id>=-5 | \"id\" >= -5",
                "id = '+07' | \"id\" = 7",
                "id BETWEEN 1 AND 2 OR open | ((\"id\" >= 1 AND \"id\" <= 2) OR \"open\" = true)",
                "NOT open AND id = 1 | (NOT (\"open\" = true) AND \"id\" = 1)",
                "NOT NOT open | \"open\" = true",
                "open = 'yes' | \"open\" = true",
                "id IN (1, NULL) OR id = 2 AND open | (\"id\" IN (1, NULL) OR (\"id\" = 2 AND \"open\" = true))",
                "id NOT IN (1) | NOT (\"id\" IN (1))",
                "id ISNULL | \"id\" IS NULL",
                "id NOTNULL | NOT (\"id\" IS NULL)",
                "id IS NOT NULL | NOT (\"id\" IS NULL)",
                "total = 'NaN' | \"total\" = 'NaN'",
                "total > '-1.5' | \"total\" > -1.5",
                "total < 'Infinity' | \"total\" < 'Infinity'",
                "code = 'ab  ' | \"code\" = 'ab'",
                "ref = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | \"ref\" = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                "placed >= '0044-03-15 BC' | \"placed\" >= '0044-03-15 BC'",
                "\"user\" = 'x' | \"user\" = 'x'",
                "state IN ('new') | \"state\" IN ('new')",
            })
    void rendersWhatItHasRead(String text, String sql) {
        assertThat(parse(text).sql(POSTGRES)).isEqualTo(sql);
        assertThat(parse(text)).hasToString(text);
    }

    @Test
    void ordersNotANumberOnCockroachAsOnPostgres() {
        Dialect cockroach = Dialect.of(Product.COCKROACHDB);
        assertThat(parse("total > 5").sql(cockroach)).isEqualTo("(\"total\" > 5 OR \"total\" = 'NaN')");
        assertThat(parse("total <= 5").sql(cockroach)).isEqualTo("(\"total\" <= 5 AND \"total\" <> 'NaN')");
        assertThat(parse("total = 5 OR id > 5").sql(cockroach)).isEqualTo("(\"total\" = 5 OR \"id\" > 5)");
    }

    @Test
    void namesTheColumnsThatItLooksAt() {
        assertThat(parse("id = 1 AND (region = 'eu' OR NOT open) AND id < 5").columns())
                .containsExactlyInAnyOrder("id", "region", "open");
    }

    @Test
    void countsUnknownAsNoMatch() {
        assertThat(matches("NOT id = 5", "id", null)).isFalse();
        assertThat(matches("id = 5 OR open", "id", null, "open", "t")).isTrue();
        assertThat(matches("id NOT IN (1, NULL)", "id", "2")).isFalse();
        assertThat(matches("id IN (1, NULL)", "id", "1")).isTrue();
        assertThat(matches("NOT (id = NULL AND open)", "id", "1", "open", "f")).isTrue();
    }

    @Test
    void readsDatesBeyondFourDigitsAndBeforeChrist() {
        assertThat(matches("placed > '9999-12-31'", "placed", "12345-01-01")).isTrue();
        assertThat(matches("placed < '0001-01-01'", "placed", "0001-12-31 BC")).isTrue();
        assertThat(matches("placed < 'infinity'", "placed", "5874897-12-31")).isTrue();
        assertThat(matches("placed = '0001-02-29 BC'", "placed", "0001-02-29 BC"))
                .isTrue();
    }

    @Test
    void padsWithBlanksOnly() {
        assertThat(matches("code = 'ab'", "code", "ab   ")).isTrue();
        assertThat(matches("code = 'ab'", "code", "ab\t ")).isFalse();
        assertThat(matches("region = 'ab'", "region", "ab ")).isFalse();
    }

    @Test
    void takesLongListsAndLongChains() {
        String list = IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        assertThat(matches("id IN (" + list + ")", "id", "19999")).isTrue();
        String chain = IntStream.range(0, 20_000).mapToObj(i -> "id = " + i).collect(Collectors.joining(" OR "));
        assertThat(matches(chain, "id", "19999")).isTrue();
        assertThat(parse(chain).sql(POSTGRES)).endsWith("\"id\" = 19999)");
    }

    @Test
    void refusesNestingThatWouldOverflowTheStack() {
        assertThat(refusal("(".repeat(100_000) + "open")).hasMessageContaining("levels");
    }

    @Test
    void namesTheColumnsThereAreForOneThatThereIsNot() {
        RefusedException refused = refusal("colour = 'red'");
        assertThat(refused)
                .hasMessage("the filter of shop.orders names column \"colour\", which the table does not have");
        assertThat(refused.remedy()).contains("id, region, Region");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region < 'eu'",
                "region BETWEEN 'a' AND 'b'",
                "'a' >= code",
                "state > 'new'",
                "open > false",
                "ref < 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                "total > 'NaN'",
                "region > NULL"
            })
    void refusesToOrderWhereOrdersDiffer(String text) {
        assertThat(refusal(text)).hasMessageContaining("orders by column");
    }

    @ParameterizedTest
    @ValueSource(strings = {"note = '{}'", "rate = 1", "rate IS NULL"})
    void refusesColumnsWhoseValuesAreNotComparedAlike(String text) {
        assertThat(refusal(text)).hasMessageContaining("looks at column").hasMessageContaining("of type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "region = 5",
                "region = true",
                "open = 1",
                "open = 'maybe'",
                "id = true",
                "id = '5.5'",
                "id = 'x'",
                "id = ''",
                "id = '2147483648'",
                "id = ' 5'",
                "total = 'nan'",
                "total = 'inf'",
                "total = '0x1F'",
                "total = 1e200000",
                "total = 1e-20000",
                "total = 1e99999999999",
                "total = 'NaN '",
                "placed = 'today'",
                "placed = '2024-02-30'",
                "placed = '0000-01-01'",
                "placed = '-0044-03-15'",
                "placed = '+2024-01-01'",
                "placed = '2024-1-1'",
                "placed = 20240101",
                "placed = '2024-01-01 10:00'",
                "placed = '5874898-01-01'",
                "placed = '4714-11-23 BC'",
                "ref = 'x'",
                "ref = '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'",
                "ref = 'a0eebc999c0b4ef8bb6d6bb9bd380a11'",
                "state = 'NEW'",
                "id IN (1, 'x')",
                "id BETWEEN 1 AND 'x'",
                "placed = '٢٠٢٤-٠١-٠١'",
                "id = '٥'"
            })
    void refusesLiteralsThatAreNoValuesOfTheColumn(String text) {
        assertThat(refusal(text)).hasMessageContaining("compares column");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "id",
                "region",
                "id =",
                "= 1",
                "id = 1 AND",
                "AND id = 1",
                "NOT",
                "(id = 1",
                "id = 1)",
                "()",
                "id = 1 id = 2",
                "id = 1 garbage",
                "id == 1",
                "id ^= 1",
                "id < = 1",
                "id = 1 IS NULL",
                "id = - -5",
                "id = -'5'",
                "total = - 'NaN'",
                "id = +",
                "id = 5L",
                "id = 1_000",
                "id = 0x1F",
                "! open",
                "open && open",
                "open || open",
                "id = 1 XOR id = 2",
                "region LIKE 'e%'",
                "region ILIKE 'e%'",
                "region ~ 'e'",
                "region SIMILAR TO 'e'",
                "region IN ()",
                "region IN 'x'",
                "id IN (SELECT 1)",
                "id = (SELECT 1)",
                "EXISTS (SELECT 1)",
                "id = ANY('{1}')",
                "lower(region) = 'eu'",
                "region = lower('EU')",
                "pg_sleep(10) IS NULL",
                "id + 1 = 2",
                "id = 1 + 1",
                "id = id",
                "region = \"Region\"",
                "id::text = '1'",
                "id = '1'::int",
                "CAST(id AS int) = 1",
                "orders.id = 1",
                "region = E'x'",
                "region = N'x'",
                "region = U&'x'",
                "region = B'1'",
                "region = X'1F'",
                "region = $$x$$",
                "region = $1",
                "id = ?",
                "id = :x",
                "id = @x",
                "`id` = 1",
                "[id] = 1",
                "region = 'x' 'y'",
                "region = 'x",
                "\"id = 1",
                "region = 'it\\'s'",
                "open IS TRUE",
                "open IS NOT FALSE",
                "id IS DISTINCT FROM 1",
                "id BETWEEN SYMMETRIC 2 AND 1",
                "id BETWEEN 1",
                "id NOT = 1",
                "user = 'x'",
                "current_user = 'x'",
                "USER = 'x'",
                "id(+) = 1",
                "true",
                "NULL",
                "1 = 1",
                "'a' = 'a'",
                "(id) = 1",
                "id = (1)",
                "(id, total) = (1, 2)",
                "placed = DATE '2024-01-01'",
                "placed = current_date",
                "region = 'a' COLLATE \"C\"",
                "region COLLATE \"C\" = 'a'",
                "region = '\0'",
                "CASE WHEN open THEN open END",
                "id = 1 # comment",
                "region\u00a0=\u00a0'eu'"
            })
    void refusesWhatItDoesNotTake(String text) {
        assertThat(refusal(text)).hasMessageContaining("the filter of shop.orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id = 1; DROP TABLE orders",
                "id = 1;",
                "id = 1 -- ",
                "id = 1 --\n OR open",
                "id = 1 /* x */",
                "/* /* */ OR open */ id = 1",
                "region = '' OR ''='",
                "region = 'x'); DELETE FROM orders; --",
                "id = 1 UNION SELECT 1",
                "id = 1) OR (1 = 1",
                "region = 'x\\'; DROP TABLE orders; --'",
                "id = 5--3"
            })
    void refusesInjection(String text) {
        assertThat(refusal(text)).hasMessageContaining("the filter of shop.orders");
    }

    @Test
    void neverRendersALiteralThatLeavesItsQuotes() {
        String text = "region = '''; DROP TABLE x; -- \\'' /* '";
        assertThat(parse(text).sql(POSTGRES)).isEqualTo("\"region\" = E'''; DROP TABLE x; -- \\\\'' /* '");
        assertThat(matches(text, "region", "'; DROP TABLE x; -- \\' /* ")).isTrue();
    }

    @Test
    void anyTextIsEitherTakenOrRefused() {
        String[] pieces = {
            "id", "region", "open", "\"Region\"", "=", "<>", "<", ">", "(", ")", ",", "'", "\"", "'x'", "5", "-", "+",
                    "NULL",
            "AND", "OR", "NOT", "IN", "BETWEEN", "IS", " ", " ", " ", "\n", ";", "\\", "\0", ".", "e", "😀", "$", "TRUE"
        };
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String text = IntStream.range(0, random.nextInt(12))
                    .mapToObj(i -> pieces[random.nextInt(pieces.length)])
                    .collect(Collectors.joining());
            try {
                RowFilter filter = parse(text);
                assertThat(parse(filter.sql(POSTGRES)).sql(POSTGRES))
                        .as("seed " + seed + ": " + text)
                        .isEqualTo(filter.sql(POSTGRES));
            } catch (RefusedException e) {
                assertThat(e.getMessage()).as("seed " + seed + ": " + text).contains("shop.orders");
            }
        }
    }
}
