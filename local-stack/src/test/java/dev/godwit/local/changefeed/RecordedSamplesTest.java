package dev.godwit.local.changefeed;

import static dev.godwit.local.changefeed.FeedFixture.JSON;
import static dev.godwit.local.changefeed.FeedFixture.KAFKA;
import static dev.godwit.local.changefeed.FeedFixture.database;
import static dev.godwit.local.changefeed.FeedFixture.read;
import static dev.godwit.local.changefeed.FeedFixture.rows;
import static dev.godwit.local.changefeed.FeedFixture.tables;
import static dev.godwit.local.changefeed.FeedFixture.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.database.Database;
import dev.godwit.database.catalog.TableName;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real CockroachDB sent is what the stand-in sends when the same is done to the same tables: byte for byte. */
class RecordedSamplesTest {
    @TempDir
    Path state;

    /** A message with its timestamp replaced by its rank among all timestamps: which rows share one, and which come later. */
    private record Ranked(String topic, String key, String value, int rank) {}

    @Test
    void sendsWhatCockroachDbSends() throws Exception {
        Database database = database("recorded");
        transaction(database, resource("recorded-schema.sql"));
        List<TableName> tables = tables("all_types", "composite", "Weird Name", "nopk", "parent", "child");
        List<Ranked> recorded = recorded();
        try (ChangefeedStandIn feed =
                ChangefeedStandIn.start(database, KAFKA.bootstrapServers(), tables, "recorded.", state)) {
            for (String line : resource("recorded-statements.sql").split("\n")) {
                if (!line.startsWith("--")) {
                    transaction(database, line);
                }
            }
            Map<String, String> names = tables.stream()
                    .collect(Collectors.toMap(
                            table -> ChangefeedTopics.topic("recorded.", "recorded", table), TableName::name));
            assertThat(names).containsKey("recorded.recorded.public.Weird_u0020_Name");
            List<String[]> sent = rows(read(List.copyOf(names.keySet()), recorded.size())).stream()
                    .map(message -> new String[] {names.get(message.topic()), message.key(), message.value()})
                    .toList();
            Map<String, List<Ranked>> sentByTopic = byTopic(ranked(sent));
            byTopic(recorded)
                    .forEach((topic, messages) ->
                            assertThat(sentByTopic.get(topic)).as(topic).containsExactlyElementsOf(messages));
            assertThat(sent).hasSameSizeAs(recorded);
            assertThat(feed.failure()).isEmpty();
            feed.drop();
        }
    }

    private static List<Ranked> recorded() throws Exception {
        List<String[]> messages = new ArrayList<>();
        for (String line : resource("recorded-diff.ndjson").split("\n")) {
            JsonNode sample = JSON.readTree(line);
            String topic = sample.get("topic").textValue();
            String key = sample.get("key").textValue();
            // Not sent by PostgreSQL: resolved has its own test, and ADD COLUMN does not rewrite the rows that are
            // there.
            boolean rewritten = "child".equals(topic)
                    && "[10]".equals(key)
                    && !messages.isEmpty()
                    && sample.get("value").textValue().contains("\"before\": {");
            if (topic != null && !rewritten) {
                String value = sample.get("value")
                        .textValue()
                        .replaceAll("\"c_computed\": [^,]*, ", "")
                        .replaceAll("\"mvcc_timestamp\": \"[^\"]*\", ", "");
                messages.add(new String[] {topic, key, value});
            }
        }
        return ranked(messages);
    }

    private static List<Ranked> ranked(List<String[]> messages) throws Exception {
        TreeSet<HlcTimestamp> all = new TreeSet<>();
        for (String[] message : messages) {
            all.add(updated(message[2]));
        }
        List<Ranked> ranked = new ArrayList<>();
        for (String[] message : messages) {
            String value = message[2].replaceAll("\"updated\": \"[^\"]*\"", "\"updated\": \"?\"");
            ranked.add(new Ranked(
                    message[0],
                    message[1],
                    value,
                    all.headSet(updated(message[2])).size()));
        }
        return ranked;
    }

    private static HlcTimestamp updated(String value) throws Exception {
        return HlcTimestamp.parse(JSON.readTree(value).get("updated").textValue());
    }

    private static Map<String, List<Ranked>> byTopic(List<Ranked> messages) {
        return messages.stream().collect(Collectors.groupingBy(Ranked::topic, TreeMap::new, Collectors.toList()));
    }

    private static String resource(String name) throws Exception {
        try (InputStream input = RecordedSamplesTest.class.getResourceAsStream("/changefeed/" + name)) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
