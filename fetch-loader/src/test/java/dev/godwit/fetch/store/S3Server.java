package dev.godwit.fetch.store;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Adobe's S3Mock: a real server that speaks S3. */
final class S3Server implements AutoCloseable {
    private static final Path JAR = Path.of("target", "servers", "s3mock.jar");

    private final ServerProcess process;
    private final String url;

    private S3Server(ServerProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    static S3Server start(String bucket) throws IOException {
        Path directory = ServerProcess.newDirectory("s3");
        String url = "http://127.0.0.1:" + ServerProcess.freePort();
        ServerProcess process = ServerProcess.start(
                "s3mock",
                directory,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "--server.address=127.0.0.1",
                        "--server.port=" + ServerProcess.freePort(),
                        "--com.adobe.testing.s3mock.httpPort=" + URI.create(url).getPort(),
                        "--com.adobe.testing.s3mock.domain.initialBuckets=" + bucket,
                        "--com.adobe.testing.s3mock.store.initialBuckets=" + bucket,
                        "--com.adobe.testing.s3mock.store.root=" + directory),
                () -> answers(url + "/" + bucket));
        return new S3Server(process, url);
    }

    private static boolean answers(String bucketUrl) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(bucketUrl).toURL().openConnection();
        connection.setRequestMethod("HEAD");
        return connection.getResponseCode() == 200;
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.close();
    }
}
