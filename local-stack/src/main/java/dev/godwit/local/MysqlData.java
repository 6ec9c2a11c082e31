package dev.godwit.local;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Fresh data directories. To initialise one takes many seconds, to copy one takes one: so it is done once, and kept in the cache folder.
 */
final class MysqlData {
    private static final Duration INITIALISED_WITHIN = Duration.ofMinutes(3);

    private MysqlData() {}

    /** @param data is created, without anything in it that makes a server unique */
    static void create(Path program, WorkDirectory directory, Path data) throws IOException {
        Path template = template(program, directory);
        try (Stream<Path> all = Files.walk(template)) {
            for (Path path : all.toList()) {
                Files.copy(path, data.resolve(template.relativize(path).toString()));
            }
        }
        // It holds the server's UUID, which is the name of its transactions.
        Files.deleteIfExists(data.resolve("auto.cnf"));
    }

    private static synchronized Path template(Path program, WorkDirectory directory) throws IOException {
        CRC32 identity = new CRC32();
        identity.update((program + " " + Files.size(program) + " " + Files.getLastModifiedTime(program))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Path cache = PostgresBinaries.cache();
        Path template = cache.resolve("mysql-data-" + Long.toHexString(identity.getValue()));
        if (Files.isDirectory(template)) {
            return template;
        }
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "initialising-");
        try {
            Path users = unfinished.resolve("users.sql");
            Files.write(
                    users,
                    List.of(
                            "CREATE USER '" + MysqlServer.USER + "'@'%' IDENTIFIED BY '" + MysqlServer.PASSWORD + "';",
                            "GRANT ALL ON *.* TO '" + MysqlServer.USER + "'@'%' WITH GRANT OPTION;"));
            List<String> command = new ArrayList<>(MysqlServer.command(program));
            command.addAll(List.of(
                    "--initialize-insecure",
                    "--init-file=" + users,
                    "--innodb-redo-log-capacity=" + MysqlServer.REDO_LOG,
                    "--datadir=" + unfinished.resolve("data")));
            ChildProcess initialise = ChildProcess.start(directory, "mysql-initialise", command, Map.of());
            int code = initialise.awaitExit(INITIALISED_WITHIN);
            if (code != 0) {
                throw new IllegalStateException(
                        "mysqld --initialize-insecure ended with " + code + "\n" + initialise.logTail());
            }
            Files.move(unfinished.resolve("data"), template, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(template)) {
                throw e;
            }
        } finally {
            PostgresBinaries.deleteRecursively(unfinished);
        }
        return template;
    }
}
