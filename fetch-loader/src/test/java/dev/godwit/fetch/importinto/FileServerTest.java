package dev.godwit.fetch.importinto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.database.RefusedException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServerTest {
    @TempDir
    private Path directory;

    private final byte[] content = new byte[200_000];
    private FileServer server;
    private String url;

    @BeforeEach
    void serve() throws Exception {
        new Random(4).nextBytes(content);
        Files.createDirectories(directory.resolve("files/public.orders"));
        Files.write(directory.resolve("files/public.orders/part 1.gz"), content);
        Files.write(directory.resolve("outside"), content);
        server = FileServer.open(directory.resolve("files"), "127.0.0.1:0", "f3a1");
        url = server.url(Optional.empty());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void sendsWholeFilesAndTheirSize() throws Exception {
        HttpResponse<byte[]> whole = send("GET", url + "/public.orders/part%201.gz");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(content);
        HttpResponse<byte[]> head = send("HEAD", url + "/public.orders/part%201.gz");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(content.length);
        assertThat(head.headers().firstValue("Accept-Ranges")).hasValue("bytes");
    }

    @Test
    void goesOnInTheMiddleOfAFile() throws Exception {
        HttpResponse<byte[]> rest = send("GET", url + "/public.orders/part%201.gz", "Range", "bytes=150000-");
        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.headers().firstValue("Content-Range")).hasValue("bytes 150000-199999/200000");
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(content, 150_000, 200_000));
        HttpResponse<byte[]> middle = send("GET", url + "/public.orders/part%201.gz", "Range", "bytes=10-19");
        assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(content, 10, 20));
        assertThat(send("GET", url + "/public.orders/part%201.gz", "Range", "bytes=200000-")
                        .statusCode())
                .isEqualTo(416);
    }

    @Test
    void showsNothingButTheFilesAndOnlyToThoseWhoKnowTheUrl() throws Exception {
        String root = "http://127.0.0.1:" + server.listensAt().getPort();
        Files.createSymbolicLink(directory.resolve("files/link"), directory.resolve("outside"));
        for (String hidden : new String[] {
            root + "/public.orders/part%201.gz",
            root + "/f3a2/public.orders/part%201.gz",
            url + "/../outside",
            url + "/%2e%2e/outside",
            url + "/link",
            url + "/public.orders",
            url + "/",
            url + "/none",
            url + "/%00"
        }) {
            assertThat(send("GET", hidden).statusCode()).as(hidden).isEqualTo(404);
        }
        assertThat(send("PUT", url + "/public.orders/part%201.gz").statusCode()).isEqualTo(405);
        assertThat(send("DELETE", url + "/public.orders/part%201.gz").statusCode())
                .isEqualTo(405);
    }

    @Test
    void namesTheAddressThatTheClusterSees() {
        assertThat(url).isEqualTo("http://127.0.0.1:" + server.listensAt().getPort() + "/f3a1");
        assertThat(server.url(Optional.of("10.0.0.7:9000"))).isEqualTo("http://10.0.0.7:9000/f3a1");
    }

    @Test
    void refusesAnAddressThatIsNoneOrIsTaken() {
        assertThatThrownBy(() -> FileServer.open(directory, "nowhere", "s"))
                .isInstanceOf(RefusedException.class)
                .hasMessage("\"nowhere\" is no listen address");
        String taken = "127.0.0.1:" + server.listensAt().getPort();
        assertThatThrownBy(() -> FileServer.open(directory, taken, "s"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot be served at " + taken);
    }
}
