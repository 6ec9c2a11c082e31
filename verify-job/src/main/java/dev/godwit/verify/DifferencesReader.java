package dev.godwit.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what {@link DifferencesFile} has written. */
final class DifferencesReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private DifferencesReader() {}

    /**
     * The keys by table, each with the names of its columns.
     *
     * @throws RefusedException if the file cannot be read or is not complete
     */
    static Map<TableName, List<Map<String, String>>> read(Path path) {
        Map<TableName, List<Map<String, String>>> keys = new LinkedHashMap<>();
        long differences = 0;
        boolean complete = false;
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                JsonNode node = JSON.readTree(line);
                if (complete) {
                    throw refused(path, number, "stands behind the last line of a complete file");
                }
                if (node.path("complete").asBoolean()) {
                    complete = node.path("differences").asLong(-1) == differences;
                    continue;
                }
                if (!node.path("table_schema").isTextual()
                        || !node.path("table_name").isTextual()
                        || node.path("key").isEmpty()) {
                    throw refused(path, number, "names no table and key");
                }
                Map<String, String> key = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> part : node.path("key").properties()) {
                    key.put(part.getKey(), part.getValue().asText());
                }
                keys.computeIfAbsent(
                                new TableName(
                                        node.path("table_schema").asText(),
                                        node.path("table_name").asText()),
                                table -> new ArrayList<>())
                        .add(key);
                differences++;
            }
        } catch (JsonProcessingException e) {
            throw refused(path, number, "is no JSON");
        } catch (IOException e) {
            throw new RefusedException(
                    "--differences-file: cannot read " + path + " (" + e + ")",
                    "name a file that godwit verify --differences-file has written",
                    e);
        }
        if (!complete) {
            throw new RefusedException(
                    "--differences-file " + path + " is not complete: the comparison that wrote it broke off",
                    "verify again, or leave the option out to compare now");
        }
        return keys;
    }

    private static RefusedException refused(Path path, int line, String what) {
        return new RefusedException(
                "--differences-file " + path + ", line " + line + " " + what,
                "name a file that godwit verify --differences-file has written");
    }
}
