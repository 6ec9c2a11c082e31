package dev.godwit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.godwit.database.Database;
import dev.godwit.database.RefusedException;
import dev.godwit.local.StackSettings.Target;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class LocalStackTest {

    @Test
    void twoStacksRunSideBySideAndAreGoneAfterClose() throws Exception {
        Path first;
        List<ProcessHandle> before = children();
        int port;
        try (LocalStack one = LocalStack.start(Target.POSTGRESQL_STAND_IN);
                LocalStack two = LocalStack.start(
                        // A killed broker is let in again when its former session has ended.
                        new StackSettings(
                                        Target.POSTGRESQL_STAND_IN,
                                        Map.of("broker.session.timeout.ms", "6000"),
                                        Map.of(),
                                        Map.of(),
                                        Map.of())
                                .inProcesses())) {
            first = one.directory();
            port = one.connect().port();
            for (LocalStack stack : List.of(one, two)) {
                assertThat(get(stack.connect().restUrl() + "/connector-plugins"))
                        .contains("io.debezium.connector.postgresql.PostgresConnector");
                assertThat(Database.connect("source", stack.source().url("postgres"))
                                .version())
                        .contains("PostgreSQL");
                assertThat(Database.connect("target", stack.target().url("postgres"))
                                .version())
                        .contains("PostgreSQL");
            }
            createTopic(one, "kept");
            one.kafka().restart();
            assertThat(topics(one)).contains("kept");
            createTopic(two, "kept-by-a-process");
            two.kafka().kill();
            two.connect().kill();
            two.kafka().restart();
            two.connect().restart();
            assertThat(topics(two)).contains("kept-by-a-process").doesNotContain("kept");
            assertThatThrownBy(() -> one.kafka().kill()).hasMessageContaining("in this JVM");
        }
        assertThat(first).doesNotExist();
        assertThat(FreePorts.isTaken(port)).isFalse();
        assertThat(children()).isSubsetOf(before);
    }

    private static void createTopic(LocalStack stack, String name) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(1, TimeUnit.MINUTES);
        }
    }

    private static Set<String> topics(LocalStack stack) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
            return admin.listTopics().names().get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void afterAFailedStartNothingIsLeft() throws Exception {
        List<ProcessHandle> before = children();
        List<Path> directories = directories();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> port = Map.of("port", Integer.toString(taken.getLocalPort()));
            for (StackSettings broken : List.of(
                    new StackSettings(Target.POSTGRESQL_STAND_IN, port, Map.of(), Map.of(), Map.of()),
                    new StackSettings(Target.POSTGRESQL_STAND_IN, Map.of(), port, Map.of(), Map.of()),
                    new StackSettings(
                            Target.POSTGRESQL_STAND_IN,
                            Map.of(),
                            Map.of(),
                            Map.of("wal_level", "sometimes"),
                            Map.of()))) {
                assertThatThrownBy(() -> LocalStack.start(broken))
                        .isInstanceOf(IllegalStateException.class)
                        .message()
                        .containsAnyOf(port.get("port"), "sometimes");
            }
        }
        assertThat(children()).isSubsetOf(before);
        assertThat(directories()).isSubsetOf(directories);
    }

    @Test
    void afterCtrlCNothingIsLeft() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx400m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LocalStackTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.startsWith("directory ")) {
                line = output.readLine();
            }
            Path directory = Path.of(line.substring("directory ".length()));
            List<ProcessHandle> servers = jvm.descendants().toList();
            assertThat(directory).isDirectory();
            assertThat(servers).hasSizeGreaterThan(4);
            new ProcessBuilder("sh", "-c", "kill -INT " + jvm.pid()).start().waitFor();
            if (!jvm.waitFor(10, TimeUnit.SECONDS)) {
                // A shell starts background jobs with SIGINT ignored, and every process below inherits that: then
                // Ctrl-C cannot be tried.
                new ProcessBuilder("sh", "-c", "kill -TERM " + jvm.pid())
                        .start()
                        .waitFor();
            }
            assertThat(jvm.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(directory).as("gone when the JVM is").doesNotExist();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(servers).noneMatch(ProcessHandle::isAlive));
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** The child JVM of the test above. */
    public static void main(String[] arguments) throws InterruptedException {
        LocalStack stack = LocalStack.start(Target.POSTGRESQL_STAND_IN);
        System.out.println("directory " + stack.directory());
        Thread.currentThread().join();
    }

    @Test
    void refusesACockroachProgramThatIsNone() {
        assertThatThrownBy(() -> CockroachProgram.find("/no/such/cockroach", null, Optional.empty()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("/no/such/cockroach");
    }

    private static String get(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Not theirs: a server that other tests share begins and ends processes of its own at any time. */
    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList();
    }

    private static List<Path> directories() throws Exception {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().startsWith("godwit-stack-"))
                    .toList();
        }
    }
}
