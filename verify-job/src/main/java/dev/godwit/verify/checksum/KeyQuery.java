package dev.godwit.verify.checksum;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A query, perhaps with keys as parameters: then the same text serves many ranges, and is sent to the server once per connection.
 *
 * @param parameters one text for each question mark; without any, question marks mean what they mean in SQL
 */
public record KeyQuery(String sql, List<String> parameters) {
    public KeyQuery {
        parameters = List.copyOf(parameters);
    }

    static KeyQuery of(String sql) {
        return new KeyQuery(sql, List.of());
    }

    /** Whether a driver that looks for question marks and braces would find one that is not ours: in a user's condition, where they are operators. */
    public static boolean isAmbiguous(String sql) {
        return sql.indexOf('?') >= 0 || sql.indexOf('{') >= 0;
    }

    /** An array as a literal of PostgreSQL's. */
    static String array(List<String> elements) {
        return elements.stream()
                .map(element -> '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The parts of the keys, turned: one list per column. */
    static List<List<String>> byColumn(List<List<String>> keys, int columns) {
        List<List<String>> turned = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            int column = i;
            turned.add(keys.stream().map(key -> key.get(column)).toList());
        }
        return turned;
    }
}
