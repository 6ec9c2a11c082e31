package dev.godwit.phase.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.apply.ApplyMode;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.file.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseFileTest {
    private static final String WHOLE = """
            migration: shop
            phase: eu
            source:
              url: postgresql://app:secret@localhost:5432/shop
            target:
              url: postgresql://root@localhost:26257/shop
            kafka:
              bootstrap-servers: localhost:9092
              connect-url: http://localhost:8083/
            tables:
              - name: migration_schema.orders
                filter: "region = 'eu'"
              - name: migration_schema.payments
            """;

    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    @Test
    void readsAFileAndFillsInDefaults() throws IOException {
        PhaseFile file = read(WHOLE);

        assertThat(file.fullName()).isEqualTo("shop-eu");
        assertThat(file.source().url().password()).isEqualTo("secret");
        assertThat(file.source().connectUrl()).isEqualTo(file.source().url());
        assertThat(file.kafka().connectUrl()).isEqualTo("http://localhost:8083");
        assertThat(file.kafka().changefeedBootstrapServers()).isEqualTo("localhost:9092");
        assertThat(file.tables())
                .extracting(TableEntry::name, TableEntry::filter)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                new TableName("migration_schema", "orders"), Optional.of("region = 'eu'")),
                        org.assertj.core.groups.Tuple.tuple(
                                new TableName("migration_schema", "payments"), Optional.empty()));
        assertThat(file.kafka().retention()).isEmpty();
        assertThat(file.fetch().concurrency()).isEqualTo(4);
        assertThat(file.fetch().tableHandling()).isEqualTo(PhaseFile.Handling.NONE);
        assertThat(file.apply().run()).isEqualTo(PhaseFile.ApplierRun.EMBEDDED);
        assertThat(file.apply().mode()).isEqualTo(ApplyMode.CONSISTENT);
        assertThat(file.apply().lanes()).isEmpty();
        assertThat(file.failback().changefeed()).isEqualTo(PhaseFile.Feed.COCKROACHDB);
        assertThat(file.drainTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void readsEveryKey() throws IOException {
        Files.createDirectory(directory.resolve("ddl"));
        Files.writeString(directory.resolve("ddl/finalize.sql"), "SELECT 1");
        PhaseFile file = read(WHOLE.replace(
                                "  url: postgresql://app",
                                "  connect-url: postgresql://c@db/shop\n  url: postgresql://app")
                        .replace(
                                "  connect-url: http",
                                "  changefeed-bootstrap-servers: b:1\n  retention: 48h\n  properties: {security.protocol: SSL}\n  connect-url: http")
                + """
                fetch: {concurrency: 2, table-handling: truncate-if-exists}
                apply: {run: external, mode: immediate, partitions: 12, ignore-columns: [migration_schema.orders.draft, migration_schema.orders.note]}
                failback: {changefeed: external, resolved: 2s, sink-parameters: {sasl_user: me}}
                finalize: [ ddl/finalize.sql ]
                verify: {concurrency: 3}
                drain-timeout: 90s
                lag-max: 250ms
                """);

        assertThat(file.source().connectUrl().host()).isEqualTo("db");
        assertThat(file.kafka().changefeedBootstrapServers()).isEqualTo("b:1");
        assertThat(file.kafka().retention()).contains(Duration.ofDays(2));
        assertThat(file.kafka().properties()).containsExactly(Map.entry("security.protocol", "SSL"));
        assertThat(file.fetch().concurrency()).isEqualTo(2);
        assertThat(file.fetch().tableHandling()).isEqualTo(PhaseFile.Handling.TRUNCATE_IF_EXISTS);
        assertThat(file.apply().run()).isEqualTo(PhaseFile.ApplierRun.EXTERNAL);
        assertThat(file.apply().mode()).isEqualTo(ApplyMode.IMMEDIATE);
        assertThat(file.apply().partitions()).isEqualTo(12);
        assertThat(file.tables().get(0).ignored()).containsExactlyInAnyOrder("draft", "note");
        assertThat(file.ignoring(List.of("migration_schema.payments.x"))
                        .tables()
                        .get(1)
                        .ignored())
                .containsExactly("x");
        assertThat(file.failback())
                .isEqualTo(new PhaseFile.Failback(
                        PhaseFile.Feed.EXTERNAL,
                        Duration.ofSeconds(2),
                        Map.of("sasl_user", "me"),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(file.finalizeFiles()).containsExactly(directory.resolve("ddl/finalize.sql"));
        assertThat(file.verify().concurrency()).isEqualTo(3);
        assertThat(file.drainTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(file.lagMax()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void refusesAnUnknownKeyWithItsLineAndAGuess() {
        refused(WHOLE.replace("tables:", "tabels:"), 10, "unknown key \"tabels\" (did you mean \"tables\"?)");
        refused(WHOLE.replace("filter:", "fliter:"), 12, "unknown key \"fliter\" (did you mean \"filter\"?)");
        refused(WHOLE + "colour: blue\n", 14, "unknown key \"colour\"");
        refused(WHOLE + "fetch:\n  threads: 4\n", 15, "unknown key \"threads\"");
    }

    @Test
    void refusesIgnoredColumnsThatAreOfNoTableOfThePhase() {
        refused(
                WHOLE + "apply:\n  ignore-columns:\n    - migration_schema.order.x\n",
                16,
                "migration_schema.order is no table of the phase");
        refused(WHOLE + "apply: {ignore-columns: [orders.x]}\n", 14, "\"orders.x\" names no column");
    }

    @Test
    void refusesDuplicateAndMissingKeys() {
        refused(WHOLE + "phase: us\n", 14, "duplicate key \"phase\" (first in line 2)");
        refused(WHOLE.replace("phase: eu\n", ""), 1, "missing key \"phase\"");
        refused(
                WHOLE.replace("  bootstrap-servers: localhost:9092\n", ""),
                7,
                "missing key \"kafka.bootstrap-servers\"");
        refused(
                WHOLE.replace("orders", "payments"),
                13,
                "table migration_schema.payments stands twice (first in line 11)");
    }

    @Test
    void refusesWrongTypesAndValues() {
        refused(WHOLE + "fetch: 4\n", 14, "\"fetch\" must be a mapping");
        refused(
                WHOLE + "fetch: {concurrency: many}\n",
                14,
                "\"fetch.concurrency\" must be a whole number from 1 to 64");
        refused(WHOLE + "fetch: {concurrency: 0}\n", 14, "\"fetch.concurrency\" is 0");
        refused(WHOLE + "drain-timeout: 5\n", 14, "\"drain-timeout\" is \"5\", which is no duration");
        refused(WHOLE + "drain-timeout: 0s\n", 14, "\"drain-timeout\" is zero");
        refused(WHOLE + "apply: {mode: quick}\n", 14, "\"apply.mode\" is \"quick\"");
        refused(WHOLE + "apply: {partitions: 4}\n", 14, "\"apply.partitions\" in mode consistent");
        refused(WHOLE + "apply: {mode: immediate, lanes: 4}\n", 14, "\"apply.lanes\" in mode immediate");
        refused(WHOLE + "apply: {run: sometimes}\n", 14, "\"apply.run\" is \"sometimes\"");
        refused(WHOLE + "finalize: missing.sql\n", 14, "\"finalize\" must be a list");
        refused(WHOLE + "finalize: [missing.sql]\n", 14, "there is no readable file");
        refused(WHOLE.replace("phase: eu", "phase: [eu]"), 2, "\"phase\" must be a text, but there is a list");
        refused(WHOLE.replace("phase: eu", "phase:"), 2, "\"phase\" must be a text, but there is nothing");
        refused(WHOLE.replace("phase: eu", "phase: eu/west"), 2, "\"phase\" is \"eu/west\"");
        refused(WHOLE.replace("migration_schema.orders", "orders"), 11, "\"orders\" is not a table name");
        refused(WHOLE.replace("postgresql://app", "http://app"), 4, "source.url is not a database URL");
        refused("- a\n- b\n", 1, "the file must be a mapping");
    }

    @Test
    void namesTheLineButNotTheTextOfWhatIsNoYaml() {
        assertThatThrownBy(() -> read(WHOLE.replace("5432/shop", "5432/shop: x")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("phase.yaml:4: not YAML")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesAnEmptyFileAndAFileThatIsNotThere() {
        assertThatThrownBy(() -> read("# nothing\n"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> PhaseFile.read(directory.resolve("no.yaml")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("there is no phase file");
    }

    @Test
    void fillsVariablesFromTheEnvironment() throws IOException {
        environment.put("DB_PASSWORD", "p@ss:w/rd %");
        environment.put("HOST_AND_PORT", "db.example:6000");
        environment.put("TARGET", "postgresql://me:a%40b@there/shop");
        PhaseFile file = read(WHOLE.replace("app:secret@localhost:5432", "app:${DB_PASSWORD}@${HOST_AND_PORT}")
                .replace("postgresql://root@localhost:26257/shop", "${TARGET}")
                .replace("'eu'", "'$${TARGET}'"));

        assertThat(file.source().url().password()).isEqualTo("p@ss:w/rd %");
        assertThat(file.source().url().port()).isEqualTo(6000);
        assertThat(file.target().password()).isEqualTo("a@b");
        assertThat(file.tables().get(0).filter()).contains("region = '${TARGET}'");
    }

    @Test
    void readsThroughWhichFilesALoadGoes() throws IOException {
        FileOptions nodelocal = read(WHOLE
                        + "fetch: {files: {local-path: rows, local-path-nodelocal: 'nodelocal://1/rows', use-copy: false}}\n")
                .fetch()
                .files()
                .orElseThrow();
        assertThat(nodelocal.place().directory()).contains(directory.resolve("rows"));
        assertThat(nodelocal.place().nodelocal()).contains("nodelocal://1/rows");
        assertThat(nodelocal.compression()).isEqualTo(Compression.NONE);
        FileOptions bucket = read(WHOLE
                        + "fetch: {files: {bucket-path: 's3://bucket/rows', use-implicit-auth: true, import-region: eu-west-1}}\n")
                .fetch()
                .files()
                .orElseThrow();
        assertThat(bucket.place()).hasToString("s3://bucket/rows");
        assertThat(bucket.compression()).isEqualTo(Compression.GZIP);

        refused(WHOLE + "fetch: {files: {compression: gzip}}\n", 14, "\"fetch.files\" must say where the files go");
        refused(WHOLE + "fetch: {files: {bucket-path: 'ftp://x/y'}}\n", 14, "no storage that is known here");
        refused(WHOLE + "fetch: {files: {local-path: rows, import-region: x}}\n", 14, "about buckets");
        refused(WHOLE + "fetch: {files: {bucket-path: 's3://b/c', local-path-nodelocal: x}}\n", 14, "go to a bucket");
        refused(WHOLE + "fetch: {files: {local-path: rows, local-path-nodelocal: rows}}\n", 14, "no URL of a node's");
        refused(
                WHOLE + "fetch: {files: {local-path: rows, cleanup: maybe}}\n",
                14,
                "\"fetch.files.cleanup\" is \"maybe\"");
    }

    @Test
    void namesAVariableThatIsNotSet() {
        refused(
                WHOLE.replace("secret", "${NO_SUCH}"),
                4,
                "\"source.url\" uses the environment variable NO_SUCH, which is not set");
    }

    private void refused(String text, int line, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("phase.yaml:" + line + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    private PhaseFile read(String text) throws IOException {
        Path path = directory.resolve("phase.yaml");
        Files.writeString(path, text);
        return new PhaseFileReader(path, environment::get).read();
    }
}
