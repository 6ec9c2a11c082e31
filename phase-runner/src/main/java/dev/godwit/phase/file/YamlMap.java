package dev.godwit.phase.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A mapping of the phase file. Unknown and duplicate keys are refused when it is made. */
final class YamlMap {
    private final String name;
    private final Place place;
    private final Map<String, YamlValue> values;

    private YamlMap(String name, Place place, Map<String, YamlValue> values) {
        this.name = name;
        this.place = place;
        this.values = values;
    }

    /**
     * @param name the dotted name of the mapping; empty for the whole file
     * @param known null if any key will do
     */
    static YamlMap of(Node node, String name, Place place, Variables variables, List<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw place.refuse(
                    (name.isEmpty() ? "the file" : "\"" + name + "\"") + " must be a mapping (key: value)",
                    known == null ? "write key: value lines below it" : "its keys are: " + String.join(", ", known));
        }
        Map<String, YamlValue> values = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Place at = new Place(place.file(), entry.getKeyNode().getStartMark().getLine() + 1);
            if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
                throw at.refuse("a key must be a single word", "write key: value");
            }
            String key = keyNode.getValue();
            if (known != null && !known.contains(key)) {
                String meant = Suggestion.of(key, known)
                        .map(word -> " (did you mean \"" + word + "\"?)")
                        .orElse("");
                throw at.refuse(
                        "unknown key \"" + key + "\"" + meant,
                        (name.isEmpty() ? "the keys here are: " : "the keys of \"" + name + "\" are: ")
                                + String.join(", ", known));
            }
            String full = name.isEmpty() ? key : name + "." + key;
            YamlValue before = values.put(key, new YamlValue(entry.getValueNode(), full, at, variables));
            if (before != null) {
                throw at.refuse(
                        "duplicate key \"" + full + "\" (first in line "
                                + before.place().line() + ")",
                        "keep one of the two");
            }
        }
        return new YamlMap(name, place, values);
    }

    YamlValue require(String key) {
        YamlValue value = values.get(key);
        if (value == null) {
            String full = name.isEmpty() ? key : name + "." + key;
            throw place.refuse("missing key \"" + full + "\"", "add it; docs/phase-file.md says what it means");
        }
        return value;
    }

    Optional<YamlValue> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Map<String, YamlValue> values() {
        return values;
    }

    Place place() {
        return place;
    }
}
