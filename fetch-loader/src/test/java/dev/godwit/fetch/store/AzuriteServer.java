package dev.godwit.fetch.store;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Azurite, Microsoft's emulator of Azure Blob Storage: a Node.js program that this machine may have. */
final class AzuriteServer implements AutoCloseable {
    private final ServerProcess process;
    private final String url;

    private AzuriteServer(ServerProcess process, String url) {
        this.process = process;
        this.url = url;
    }

    static boolean isInstalled() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        Stream<String> named = Stream.ofNullable(System.getenv("GODWIT_AZURITE"));
        Stream<String> onPath = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> folder + File.separator + "azurite-blob");
        return Stream.concat(named, onPath)
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static AzuriteServer start() throws IOException {
        Path directory = ServerProcess.newDirectory("azurite");
        String url = "http://127.0.0.1:" + ServerProcess.freePort();
        ServerProcess process = ServerProcess.start(
                "azurite",
                directory,
                List.of(
                        program().orElseThrow().toString(),
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(URI.create(url).getPort()),
                        "--location",
                        directory.toString(),
                        "--silent",
                        "--skipApiVersionCheck",
                        "--disableTelemetry"),
                () -> ((HttpURLConnection) URI.create(url).toURL().openConnection()).getResponseCode() > 0);
        return new AzuriteServer(process, url);
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.close();
    }
}
