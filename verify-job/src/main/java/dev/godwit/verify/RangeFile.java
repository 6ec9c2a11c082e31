package dev.godwit.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.verify.RowDifference.ColumnDifference;
import dev.godwit.verify.RowDifference.Kind;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a finished range amounts to, in a file of JSON lines: each difference, and at the end the counts. It has its name only when it is whole and
 * durable, so a run that was killed leaves either all of it or nothing that counts.
 */
final class RangeFile implements RangeRecord {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final Path unfinished;
    private final BufferedWriter lines;
    private final RangeResult result;
    private final Tally tally = new Tally();

    private RangeFile(Path path, Path unfinished, BufferedWriter lines, RangeResult result) {
        this.path = path;
        this.unfinished = unfinished;
        this.lines = lines;
        this.result = result;
    }

    static RangeFile begin(Path path, RangeResult result) throws IOException {
        Path unfinished = path.resolveSibling(path.getFileName() + ".unfinished");
        return new RangeFile(path, unfinished, Files.newBufferedWriter(unfinished), result);
    }

    @Override
    public void differs(RowDifference difference) {
        ObjectNode line = JSON.createObjectNode().put("kind", difference.kind().name());
        ObjectNode key = line.putObject("key");
        difference.key().forEach(key::put);
        for (ColumnDifference column : difference.columns()) {
            line.withArray("columns")
                    .addObject()
                    .put("column", column.column())
                    .put("source", column.sourceValue())
                    .put("target", column.targetValue());
        }
        try {
            write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        result.differs(difference);
    }

    private void write(JsonNode line) throws IOException {
        lines.write(JSON.writeValueAsString(line));
        lines.newLine();
    }

    @Override
    public void add(Tally more) {
        tally.add(more);
        result.add(more);
    }

    @Override
    public void finish() throws IOException {
        write(JSON.createObjectNode()
                .put("truthRows", tally.truthRows)
                .put("equal", tally.equal)
                .put("missing", tally.missing)
                .put("mismatch", tally.mismatch)
                .put("extraneous", tally.extraneous));
        lines.close();
        DurableFiles.rename(unfinished, path);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    /** Tells the result all that the file holds. */
    static void replay(Path path, RangeResult result) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                JsonNode line = JSON.readTree(text);
                if (line.has("kind")) {
                    result.differs(difference(line));
                } else {
                    result.add(tally(line));
                }
            }
        }
    }

    private static RowDifference difference(JsonNode line) {
        Map<String, String> key = new LinkedHashMap<>();
        line.get("key")
                .properties()
                .forEach(part -> key.put(part.getKey(), part.getValue().textValue()));
        List<ColumnDifference> columns = new ArrayList<>();
        line.path("columns")
                .forEach(column -> columns.add(new ColumnDifference(
                        column.get("column").textValue(),
                        column.get("source").textValue(),
                        column.get("target").textValue())));
        return new RowDifference(Kind.valueOf(line.get("kind").textValue()), key, columns);
    }

    private static Tally tally(JsonNode line) {
        Tally tally = new Tally();
        tally.truthRows = line.get("truthRows").longValue();
        tally.equal = line.get("equal").longValue();
        tally.missing = line.get("missing").longValue();
        tally.mismatch = line.get("mismatch").longValue();
        tally.extraneous = line.get("extraneous").longValue();
        return tally;
    }
}
