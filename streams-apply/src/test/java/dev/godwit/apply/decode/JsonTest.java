package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parser is asked to do: keep numbers as they are written, refuse what is no JSON, and read names fast. */
class JsonTest {

    @Test
    void keepsNumbersAsTheyAreWritten() throws IOException {
        Json.Array read = (Json.Array)
                Json.parse(bytes("[-0, 1.50, 1e5, 1.0E-7, 123456789012345678901234567890, \"\\u00e9\", true, null]"));

        assertThat(read.elements())
                .containsExactly(
                        new Json.Numeral("-0"),
                        new Json.Numeral("1.50"),
                        new Json.Numeral("1e5"),
                        new Json.Numeral("1.0E-7"),
                        new Json.Numeral("123456789012345678901234567890"),
                        new Json.Text("é"),
                        new Json.Bool(true),
                        Json.NULL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "[", "\"", "\"\\", "\"\\u12\"", "\"\\x\"", "{,}", "{\"a\":1,}", "[1,]", "[,1]",
                "{\"a\" 1}", "{\"a\":}", "{\"a\":1 \"b\":2}", "01", "1.", ".5", "+1", "1e", "-", "tru", "nulL", "1 2",
                "{}}", "\"a\nb\"", "'a'", "{a:1}", "NaN"
            })
    void refuses(String json) {
        assertThatThrownBy(() -> Json.parse(bytes(json))).isInstanceOf(IOException.class);
    }

    @Test
    void doesNotPutAnotherSignInThePlaceOfBytesThatAreNoUtf8() {
        byte[] json = bytes("\"a?b\"");
        json[2] = (byte) 0xe4;

        assertThatThrownBy(() -> Json.parse(json)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatIsNestedTooDeepInsteadOfFailing() {
        assertThatThrownBy(() -> Json.parse(bytes("[".repeat(100_000)))).isInstanceOf(IOException.class);
    }

    @Test
    void remembersNamesInTheirOrderAndStillReadsOthers() throws IOException {
        MemberNames<String> names = new MemberNames<>();

        assertThat(members(names, "{\"a\":1,\"b\":2}")).containsExactly("a=1", "b=2");
        assertThat(members(names, "{\"a\":3,\"b\":4}")).containsExactly("a=3", "b=4");
        assertThat(members(names, " { \"b\" : 5 , \"a\" : 6 } ")).containsExactly("b=5", "a=6");
        assertThat(members(names, "{\"a\":7,\"b\":8,\"ä\\\"\":9}")).containsExactly("a=7", "b=8", "ä\"=9");
        assertThat(members(names, "{\"\\u0061\":1}")).containsExactly("a=1");
        assertThat(members(names, "{\"a\":1}")).containsExactly("a=1");
        assertThat(members(names, "{}")).isEmpty();
        assertThatThrownBy(() -> members(names, "{\"a\":1,\"b\":2")).isInstanceOf(IOException.class);
    }

    @Test
    void tellsARepeatedTextFromOneThatOnlyBeginsAlike() throws IOException {
        RepeatedText repeated = new RepeatedText();

        assertThat(read(repeated, "\"bench\"")).isEqualTo("bench");
        assertThat(read(repeated, "\"bench\"")).isSameAs(read(repeated, "\"bench\""));
        assertThat(read(repeated, "\"benches\"")).isEqualTo("benches");
        assertThat(read(repeated, "\"bench\"")).isEqualTo("bench");
        assertThat(read(repeated, "12")).isEqualTo("12");
        assertThat(read(repeated, "123")).isEqualTo("123");
        assertThat(read(repeated, "\"\"")).isEmpty();
    }

    private static String read(RepeatedText repeated, String value) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(bytes(value))) {
            parser.nextToken();
            return repeated.read(parser);
        }
    }

    private static List<String> members(MemberNames<String> names, String object) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(bytes(object))) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            List<String> members = new ArrayList<>();
            int place = 0;
            for (String name = names.next(parser, place, known -> known);
                    name != null;
                    name = names.next(parser, ++place, known -> known)) {
                members.add(name + "=" + parser.getText());
            }
            assertThat(parser.nextToken()).isNull();
            return members;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
