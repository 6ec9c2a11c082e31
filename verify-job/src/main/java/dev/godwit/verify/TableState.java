package dev.godwit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is recorded of one table: how it is cut, and its finished ranges. Thread-safe for different ranges. */
final class TableState {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final int number;

    TableState(Path directory, int number) {
        this.directory = directory;
        this.number = number;
    }

    /** Empty if the table was not begun. Another sample would cut it in other places, and finished ranges would mean nothing. */
    Optional<TableCutting> cutting() throws IOException {
        if (!Files.exists(cuttingFile())) {
            return Optional.empty();
        }
        JsonNode root = JSON.readTree(Files.readString(cuttingFile()));
        List<List<String>> cuts = new ArrayList<>();
        for (JsonNode cut : root.get("cuts")) {
            List<String> key = new ArrayList<>();
            cut.forEach(part -> key.add(part.textValue()));
            cuts.add(key);
        }
        List<Integer> ranges = new ArrayList<>();
        root.get("ranges").forEach(position -> ranges.add(position.intValue()));
        return Optional.of(new TableCutting(cuts, ranges, root.get("rowBytes").intValue()));
    }

    void record(TableCutting cutting) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode cuts = root.putArray("cuts");
        cutting.cuts().forEach(cut -> cut.forEach(cuts.addArray()::add));
        cutting.ranges().forEach(root.putArray("ranges")::add);
        root.put("rowBytes", cutting.rowBytes());
        DurableFiles.write(cuttingFile(), JSON.writeValueAsString(root));
    }

    boolean isFinished(int range) {
        return Files.exists(rangeFile(range));
    }

    void replay(int range, RangeResult result) throws IOException {
        RangeFile.replay(rangeFile(range), result);
    }

    RangeRecord begin(int range, RangeResult result) throws IOException {
        return RangeFile.begin(rangeFile(range), result);
    }

    private Path cuttingFile() {
        return directory.resolve("table-" + number + ".json");
    }

    private Path rangeFile(int range) {
        return directory.resolve("table-" + number + "-range-" + range + ".jsonl");
    }
}
