package dev.godwit.phase.file;

import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One value of the phase file, with where it stands and what it is called, so that every complaint names both. */
final class YamlValue {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private final Node node;
    private final String name;
    private final Place place;
    private final Variables variables;

    YamlValue(Node node, String name, Place place, Variables variables) {
        this.node = node;
        this.name = name;
        this.place = place;
        this.variables = variables;
    }

    Place place() {
        return place;
    }

    /** The mapping in this value, whose keys must be among {@code known}. */
    YamlMap map(String... known) {
        return YamlMap.of(node, name, place, variables, List.of(known));
    }

    /** A mapping with keys of the user's choice. */
    YamlMap freeMap() {
        return YamlMap.of(node, name, place, variables, null);
    }

    List<YamlValue> list() {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrongType("a list");
        }
        return sequence.getValue().stream()
                .map(item -> new YamlValue(
                        item,
                        name + "[]",
                        new Place(place.file(), item.getStartMark().getLine() + 1),
                        variables))
                .toList();
    }

    /** Text with its variables filled in; never empty. */
    String text() {
        String text = variables.fill(scalar("a text"), place, name);
        if (text.isEmpty()) {
            throw place.refuse(
                    "\"" + name + "\" is empty", "give it a value, or leave the key out if it has a default");
        }
        return text;
    }

    /** A text that becomes part of names in Kafka, the databases and file systems. */
    String identifier() {
        String text = text();
        if (!text.matches("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")) {
            throw place.refuse(
                    "\"" + name + "\" is \"" + text + "\"",
                    "use letters a-z, A-Z, digits, and single hyphens between them");
        }
        return text;
    }

    int integer(int min, int max) {
        String text = text();
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrongType("a whole number from " + min + " to " + max);
        }
        throw place.refuse("\"" + name + "\" is " + text, "use a whole number from " + min + " to " + max);
    }

    boolean flag() {
        String text = text();
        if (!text.equals("true") && !text.equals("false")) {
            throw place.refuse("\"" + name + "\" is \"" + text + "\"", "use true or false");
        }
        return text.equals("true");
    }

    /** A duration with its unit, such as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}; more than zero. */
    Duration duration() {
        String text = text();
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw place.refuse(
                    "\"" + name + "\" is \"" + text + "\", which is no duration",
                    "write a number with its unit: 250ms, 30s, 5m or 2h");
        }
        long amount = Long.parseLong(matcher.group(1));
        if (amount == 0) {
            throw place.refuse(
                    "\"" + name + "\" is zero", "write a number above zero with its unit: 250ms, 30s, 5m or 2h");
        }
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    <E extends Enum<E>> E choice(Class<E> type) {
        List<String> words = List.of(type.getEnumConstants()).stream()
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        String text = text();
        int index = words.indexOf(text);
        if (index < 0) {
            throw place.refuse("\"" + name + "\" is \"" + text + "\"", "use one of: " + String.join(", ", words));
        }
        return type.getEnumConstants()[index];
    }

    DatabaseUrl databaseUrl() {
        return located(() -> DatabaseUrl.parse(name, variables.fillUrl(scalar("a text"), place, name)));
    }

    TableName tableName() {
        return located(() -> TableName.parse(text()));
    }

    private <T> T located(java.util.function.Supplier<T> parse) {
        try {
            return parse.get();
        } catch (RefusedException e) {
            throw e.getMessage().startsWith(place + ":") ? e : place.locate(e);
        }
    }

    private String scalar(String wanted) {
        if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
            throw wrongType(wanted);
        }
        return scalar.getValue();
    }

    private RefusedException wrongType(String wanted) {
        String found = node.getNodeId() == NodeId.scalar
                ? node.getTag().equals(Tag.NULL) ? "nothing" : "a single value"
                : node.getNodeId() == NodeId.mapping ? "a mapping" : "a list";
        return place.refuse("\"" + name + "\" must be " + wanted + ", but there is " + found, "see docs/phase-file.md");
    }
}
