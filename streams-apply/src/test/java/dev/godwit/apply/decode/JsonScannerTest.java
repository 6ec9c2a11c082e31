package dev.godwit.apply.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner reads is what a general parser reads, and what that refuses is refused. */
class JsonScannerTest {
    private static final String[] PIECES = {
        "a",
        "Ä",
        "\\u00e9",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "€",
        "\uD83D\uDC26",
        "\\ud83d\\udc26",
        " ",
        "0",
        "longer text, ",
        "ı"
    };
    private static final String[] SCALARS = {
        "0",
        "-0",
        "1",
        "-17",
        "1.50",
        "1e5",
        "1.0E-7",
        "123456789012345678901234567890",
        "true",
        "false",
        "null",
        "\"\""
    };
    private static final String[] BLANKS = {"", "", "", " ", "\n", "\t\r "};

    @Test
    void readsWhatAGeneralParserReads() throws IOException {
        for (int seed = 0; seed < 3_000; seed++) {
            byte[] json = bytes(document(new Random(seed), 4));

            assertThat(Json.parse(json)).as("seed %d", seed).isEqualTo(reference(json));
            JsonScanner skipping = new JsonScanner(json);
            skipping.skip();
            skipping.requireEnd();
        }
    }

    /** A byte more, less or another: a text is never read as something else than it is. */
    @Test
    void refusesWhatAGeneralParserRefuses() {
        int refused = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] json = damaged(bytes(document(random, 3)), random);
            Json read;
            try {
                read = Json.parse(json);
            } catch (IOException e) {
                refused++;
                continue;
            }
            int damagedBy = seed;
            assertThat(read)
                    .as("seed %d: %s", damagedBy, new String(json, StandardCharsets.UTF_8))
                    .isEqualTo(assertRead(json));
        }
        assertThat(refused).isBetween(5_000, 19_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "{", "[", "\"", "\"\\", "\"\\u12\"", "\"\\u12", "\"\\x\"", "{,}", "{\"a\":1,}", "[1,]", "[,1]",
                "{\"a\" 1}", "{\"a\":}", "{\"a\":1 \"b\":2}", "01", "1.", ".5", "+1", "1e", "-", "tru", "nulL", "1 2",
                        "{}}",
                "\"a\nb\"", "'a'", "{a:1}", "NaN"
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
        assertThatThrownBy(() -> new JsonScanner(bytes("[".repeat(100_000))).skip())
                .isInstanceOf(IOException.class);
    }

    @Test
    void remembersNamesInTheirOrderAndStillReadsOthers() throws IOException {
        MemberNames<String> names = new MemberNames<>();

        assertThat(members(names, "{\"a\":1,\"b\":2}")).containsExactly("a=1", "b=2");
        assertThat(members(names, "{\"a\":3,\"b\":4}")).containsExactly("a=3", "b=4");
        assertThat(members(names, " { \"b\" : 5 , \"a\" : 6 } ")).containsExactly("b=5", "a=6");
        assertThat(members(names, "{\"a\":7,\"b\":8,\"ä\\\"\":9}")).containsExactly("a=7", "b=8", "ä\"=9");
        assertThat(members(names, "{\"a\":1}")).containsExactly("a=1");
        assertThat(members(names, "{}")).isEmpty();
    }

    @Test
    void tellsARepeatedTextFromOneThatOnlyBeginsAlike() throws IOException {
        RepeatedText repeated = new RepeatedText();

        assertThat(read(repeated, "\"bench\"")).isEqualTo("bench");
        assertThat(read(repeated, "\"bench\"")).isEqualTo("bench");
        assertThat(read(repeated, "\"benches\"")).isEqualTo("benches");
        assertThat(read(repeated, "\"bench\"")).isEqualTo("bench");
        assertThat(read(repeated, "12")).isEqualTo("12");
        assertThat(read(repeated, "123")).isEqualTo("123");
        assertThat(read(repeated, "null")).isNull();
    }

    @Test
    void readsWholeNumbersWhereverTheyStand() throws IOException {
        assertThat(wholeNumber("[12,3]")).isEqualTo(12);
        assertThat(wholeNumber("[\"12\"]")).isEqualTo(12);
        assertThat(wholeNumber("[-9223372036854775808]")).isEqualTo(Long.MIN_VALUE);
        assertThat(wholeNumber("[9223372036854775807 ]")).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> wholeNumber("[9223372036854775808]")).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> wholeNumber("[1.0]")).isInstanceOf(NumberFormatException.class);
    }

    private static long wholeNumber(String array) throws IOException {
        return new JsonScanner(bytes(array)).wholeNumber(1);
    }

    private static String read(RepeatedText repeated, String value) throws IOException {
        JsonScanner json = new JsonScanner(bytes("{\"x\":" + value + "}"));
        return repeated.read(json, 5);
    }

    private static List<String> members(MemberNames<String> names, String object) throws IOException {
        JsonScanner json = new JsonScanner(bytes(object));
        assertThat(json.beginObject()).isTrue();
        List<String> members = new ArrayList<>();
        int place = 0;
        for (String name = names.next(json, place, known -> known);
                name != null;
                name = names.next(json, ++place, known -> known)) {
            members.add(name + "=" + json.scalar(json.skip()));
        }
        json.requireEnd();
        return members;
    }

    private static String document(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 5 : 2);
        String blank = BLANKS[random.nextInt(BLANKS.length)];
        String text =
                switch (kind) {
                    case 0 -> SCALARS[random.nextInt(SCALARS.length)];
                    case 1, 2 -> string(random);
                    case 3 -> array(random, depth);
                    default -> object(random, depth);
                };
        return blank + text + BLANKS[random.nextInt(BLANKS.length)];
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }

    private static String array(Random random, int depth) {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            elements.add(document(random, depth - 1));
        }
        return "[" + String.join(",", elements) + "]";
    }

    private static String object(Random random, int depth) {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            members.add(BLANKS[random.nextInt(BLANKS.length)] + string(random) + BLANKS[random.nextInt(BLANKS.length)]
                    + ":" + document(random, depth - 1));
        }
        return "{" + String.join(",", members) + "}";
    }

    private static byte[] damaged(byte[] json, Random random) {
        byte[] signs = bytes("{}[]\",:\\u0e+-.tfn x");
        int place = random.nextInt(json.length);
        byte sign = signs[random.nextInt(signs.length)];
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(json, place);
            case 1 -> {
                byte[] other = json.clone();
                other[place] = sign;
                yield other;
            }
            default -> {
                byte[] longer = Arrays.copyOf(json, json.length + 1);
                System.arraycopy(json, place, longer, place + 1, json.length - place);
                longer[place] = sign;
                yield longer;
            }
        };
    }

    private static Json assertRead(byte[] json) {
        try {
            return reference(json);
        } catch (IOException e) {
            throw new AssertionError("a general parser refuses " + new String(json, StandardCharsets.UTF_8), e);
        }
    }

    private static Json reference(byte[] json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            Json value = reference(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more than one value");
            }
            return value;
        }
    }

    private static Json reference(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no value");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Json> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, reference(parser));
                }
                yield new Json.Members(members);
            }
            case START_ARRAY -> {
                List<Json> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(reference(parser));
                }
                yield new Json.Array(elements);
            }
            case VALUE_STRING -> new Json.Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Numeral(parser.getText());
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.NULL;
            default -> throw new IOException("unexpected " + token);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
