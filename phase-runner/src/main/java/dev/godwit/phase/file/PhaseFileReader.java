package dev.godwit.phase.file;

import dev.godwit.apply.ApplyMode;
import dev.godwit.apply.ErrorPolicy;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Turns the YAML text into a {@link PhaseFile}. Works on YAML's nodes, not on loaded objects, since only nodes know their lines. */
final class PhaseFileReader {
    private static final int PARTITIONS = 8;

    /** YAML's words for yes and no; others are refused. */
    private enum Switch {
        TRUE,
        FALSE
    }

    private final Path path;
    private final String fileName;
    private final Variables variables;

    PhaseFileReader(Path path, UnaryOperator<String> environment) {
        this.path = path.toAbsolutePath().normalize();
        this.fileName = path.toString();
        this.variables = new Variables(environment);
    }

    PhaseFile read() {
        Node root = compose();
        YamlMap top = new YamlValue(
                        root, "", new Place(fileName, root.getStartMark().getLine() + 1), variables)
                .map(
                        "migration",
                        "phase",
                        "source",
                        "target",
                        "kafka",
                        "tables",
                        "fetch",
                        "apply",
                        "failback",
                        "finalize",
                        "verify",
                        "drain-timeout",
                        "lag-max");
        return new PhaseFile(
                path,
                top.require("migration").identifier(),
                top.require("phase").identifier(),
                source(top.require("source").map("url", "connect-url")),
                top.require("target").map("url").require("url").databaseUrl(),
                kafka(top.require("kafka")
                        .map(
                                "bootstrap-servers",
                                "changefeed-bootstrap-servers",
                                "connect-url",
                                "retention",
                                "properties",
                                "connector-settings")),
                ignoring(tables(top.require("tables")), top.optional("apply")),
                fetch(top.optional("fetch").map(fetch -> fetch.map("concurrency", "table-handling", "files"))),
                apply(top.optional("apply")
                        .map(apply -> apply.map(
                                "run",
                                "mode",
                                "lanes",
                                "partitions",
                                "bad-rows",
                                "dead-letters-max",
                                "retries-max",
                                "ignore-columns",
                                "drained-change",
                                "replication-origin"))),
                failback(top.optional("failback")
                        .map(failback ->
                                failback.map("changefeed", "resolved", "sink-parameters", "connect-url", "gc-ttl"))),
                finalizeFiles(top.optional("finalize")),
                new PhaseFile.Verify(concurrency(top.optional("verify").map(verify -> verify.map("concurrency")))),
                top.optional("drain-timeout").map(YamlValue::duration).orElse(Duration.ofMinutes(5)),
                top.optional("lag-max").map(YamlValue::duration).orElse(Duration.ofSeconds(10)));
    }

    private Node compose() {
        String text;
        try {
            text = Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new RefusedException("there is no phase file " + fileName, "check the path behind --phase", e);
        } catch (CharacterCodingException e) {
            throw new RefusedException(fileName + " is not UTF-8 text", "save the phase file as UTF-8", e);
        } catch (IOException e) {
            throw new RefusedException(
                    "cannot read the phase file " + fileName + ": " + e.getMessage(), "check its permissions", e);
        }
        Node root;
        try {
            root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            // The parser's own message quotes the line, which may hold a password.
            throw new Place(fileName, e.getProblemMark().getLine() + 1)
                    .refuse("not YAML: " + e.getProblem(), "check indentation, colons and quotes around this line");
        } catch (YAMLException e) {
            throw new RefusedException(
                    fileName + " is not YAML: " + e.getMessage(), "check the file for stray characters", e);
        }
        if (root == null) {
            throw new RefusedException(fileName + " is empty", "docs/phase-file.md has an example to begin with");
        }
        return root;
    }

    private static PhaseFile.Source source(YamlMap source) {
        DatabaseUrl url = source.require("url").databaseUrl();
        DatabaseUrl connectUrl =
                source.optional("connect-url").map(YamlValue::databaseUrl).orElse(url);
        if (!connectUrl.database().equals(url.database())) {
            throw source.require("connect-url")
                    .place()
                    .refuse(
                            "\"source.connect-url\" names the database " + connectUrl.database() + ", \"source.url\" "
                                    + url.database(),
                            "name the same database; only host, port, user and password may differ");
        }
        return new PhaseFile.Source(url, connectUrl);
    }

    private static PhaseFile.Kafka kafka(YamlMap kafka) {
        String bootstrapServers = kafka.require("bootstrap-servers").text();
        return new PhaseFile.Kafka(
                bootstrapServers,
                kafka.optional("changefeed-bootstrap-servers")
                        .map(YamlValue::text)
                        .orElse(bootstrapServers),
                kafka.require("connect-url").text().replaceAll("/+$", ""),
                kafka.optional("retention").map(YamlValue::duration),
                kafka.optional("properties").map(PhaseFileReader::texts).orElse(Map.of()),
                kafka.optional("connector-settings").map(PhaseFileReader::texts).orElse(Map.of()));
    }

    private static PhaseFile.Apply apply(Optional<YamlMap> apply) {
        ApplyMode mode = apply.flatMap(map -> map.optional("mode"))
                .map(value -> value.choice(ApplyMode.class))
                .orElse(ApplyMode.CONSISTENT);
        apply.flatMap(map -> map.optional(mode == ApplyMode.IMMEDIATE ? "lanes" : "partitions"))
                .ifPresent(value -> {
                    throw value.place()
                            .refuse(
                                    mode == ApplyMode.IMMEDIATE
                                            ? "\"apply.lanes\" in mode immediate, where each partition is a lane"
                                            : "\"apply.partitions\" in mode " + mode.label()
                                                    + ", where a topic has one partition",
                                    mode == ApplyMode.IMMEDIATE
                                            ? "use apply.partitions"
                                            : "leave it out, or use mode immediate");
                });
        ErrorPolicy defaults = ErrorPolicy.stopping();
        return new PhaseFile.Apply(
                apply.flatMap(map -> map.optional("run"))
                        .map(run -> run.choice(PhaseFile.ApplierRun.class))
                        .orElse(PhaseFile.ApplierRun.EMBEDDED),
                new ErrorPolicy(
                        apply.flatMap(map -> map.optional("bad-rows"))
                                .map(rows -> rows.choice(ErrorPolicy.BadRows.class))
                                .orElse(defaults.badRows()),
                        apply.flatMap(map -> map.optional("retries-max"))
                                .map(count -> count.integer(1, 1_000_000))
                                .orElse(defaults.retriesMax()),
                        apply.flatMap(map -> map.optional("dead-letters-max"))
                                .map(count -> count.integer(1, 1_000_000))
                                .orElse(defaults.deadLettersMax())),
                mode,
                apply.flatMap(map -> map.optional("lanes")).map(lanes -> lanes.integer(1, 64)),
                apply.flatMap(map -> map.optional("partitions"))
                        .map(partitions -> partitions.integer(1, 1_000))
                        .orElse(PARTITIONS),
                apply.flatMap(map -> map.optional("drained-change"))
                        .map(YamlValue::text)
                        .orElse(""),
                apply.flatMap(map -> map.optional("replication-origin"))
                        .map(value -> value.choice(Switch.class) == Switch.TRUE)
                        .orElse(false));
    }

    private static PhaseFile.Failback failback(Optional<YamlMap> failback) {
        return new PhaseFile.Failback(
                failback.flatMap(map -> map.optional("changefeed"))
                        .map(feed -> feed.choice(PhaseFile.Feed.class))
                        .orElse(PhaseFile.Feed.COCKROACHDB),
                failback.flatMap(map -> map.optional("resolved"))
                        .map(YamlValue::duration)
                        .orElse(Duration.ofSeconds(1)),
                failback.flatMap(map -> map.optional("sink-parameters"))
                        .map(PhaseFileReader::texts)
                        .orElse(Map.of()),
                failback.flatMap(map -> map.optional("connect-url")).map(YamlValue::databaseUrl),
                failback.flatMap(map -> map.optional("gc-ttl")).map(YamlValue::duration));
    }

    private static Map<String, String> texts(YamlValue value) {
        Map<String, String> texts = new HashMap<>();
        value.freeMap().values().forEach((key, text) -> texts.put(key, text.text()));
        return texts;
    }

    private static List<TableEntry> tables(YamlValue value) {
        List<TableEntry> tables = new ArrayList<>();
        Map<TableName, Place> seen = new HashMap<>();
        for (YamlValue item : value.list()) {
            YamlMap table = item.map("name", "filter", "loaded-at");
            TableName name = table.require("name").tableName();
            Place before = seen.put(name, item.place());
            if (before != null) {
                throw item.place()
                        .refuse(
                                "table " + name + " stands twice (first in line " + before.line() + ")",
                                "keep one of the two");
            }
            Optional<YamlValue> filter = table.optional("filter");
            tables.add(new TableEntry(
                    item.place(),
                    name,
                    filter.map(YamlValue::text),
                    filter.map(YamlValue::place).orElse(item.place()),
                    Set.of(),
                    table.optional("loaded-at").map(YamlValue::text)));
        }
        if (tables.isEmpty()) {
            throw value.place().refuse("\"tables\" is empty", "name the tables of this phase");
        }
        return tables;
    }

    private static List<TableEntry> ignoring(List<TableEntry> tables, Optional<YamlValue> apply) {
        List<TableEntry> entries = tables;
        Optional<YamlValue> columns = apply.flatMap(value -> value.freeMap().optional("ignore-columns"));
        for (YamlValue column : columns.map(YamlValue::list).orElse(List.of())) {
            try {
                entries = IgnoredColumns.in(entries, List.of(column.text()));
            } catch (RefusedException e) {
                throw e.getMessage().startsWith(column.place() + ":")
                        ? e
                        : column.place().locate(e);
            }
        }
        return entries;
    }

    private PhaseFile.Fetch fetch(Optional<YamlMap> section) {
        return new PhaseFile.Fetch(
                concurrency(section),
                section.flatMap(map -> map.optional("table-handling"))
                        .map(handling -> handling.choice(PhaseFile.Handling.class))
                        .orElse(PhaseFile.Handling.NONE),
                section.flatMap(map -> map.optional("files")).map(files -> FetchFiles.read(files, path.getParent())));
    }

    private static int concurrency(Optional<YamlMap> section) {
        return section.flatMap(map -> map.optional("concurrency"))
                .map(concurrency -> concurrency.integer(1, 64))
                .orElse(4);
    }

    private List<Path> finalizeFiles(Optional<YamlValue> value) {
        List<Path> files = new ArrayList<>();
        for (YamlValue item : value.map(YamlValue::list).orElse(List.of())) {
            Path file = path.resolveSibling(item.text()).normalize();
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw item.place()
                        .refuse(
                                "there is no readable file " + file,
                                "paths are relative to the phase file; check this one");
            }
            files.add(file);
        }
        return files;
    }
}
