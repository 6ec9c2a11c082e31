package dev.godwit.local;

import dev.godwit.database.RefusedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The PostgreSQL programs, unpacked from the class path into a cache folder: {@code GODWIT_CACHE}, else {@code ~/.cache/godwit}. Several
 * processes may unpack at once: each works in a folder of its own, and the first to rename it to the final name wins.
 */
final class PostgresBinaries {
    private PostgresBinaries() {}

    /** @return the folder with {@code bin}, {@code lib} and {@code share} */
    static synchronized Path unpacked() throws IOException {
        return unpackedIn(cache());
    }

    static Path unpackedIn(Path cache) throws IOException {
        String platform = platform();
        URL archive = PostgresBinaries.class.getResource("/postgres-" + platform + ".txz");
        if (archive == null) {
            throw new RefusedException(
                    "there is no PostgreSQL for " + platform + " on the class path",
                    "run on Linux or macOS, x86-64 or ARM 64, or name databases of your own");
        }
        // The checksum stands for the version: other binaries, another folder.
        Path home = cache.resolve("postgresql-" + platform + "-" + Long.toHexString(checksum(archive)));
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(cache);
        Path unfinished = Files.createTempDirectory(cache, "unpacking-");
        try {
            unpack(archive, unfinished);
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
        } finally {
            deleteRecursively(unfinished);
        }
        return home;
    }

    /** Where unpacked programs are kept: {@code GODWIT_CACHE}, else {@code ~/.cache/godwit}. */
    static Path cache() {
        String configured = System.getenv("GODWIT_CACHE");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "godwit")
                : Path.of(configured).toAbsolutePath();
    }

    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String os = system.contains("mac") ? "darwin" : system.contains("linux") ? "linux" : system;
        String cpu = Set.of("amd64", "x86_64").contains(processor)
                ? "x86_64"
                : Set.of("aarch64", "arm64").contains(processor) ? "arm_64" : processor;
        return os + "-" + cpu;
    }

    private static long checksum(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry().getCrc();
        }
        try (CheckedInputStream input = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            input.transferTo(OutputStream.nullOutputStream());
            return input.getChecksum().getValue();
        }
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        try (InputStream packed = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException("the archive names a file outside itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(file, folder.resolve(entry.getLinkName()).normalize());
                } else {
                    Files.copy(tar, file);
                    Files.setPosixFilePermissions(file, permissions(entry.getMode()));
                }
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.addAll(List.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
        }
        return permissions;
    }

    static void deleteRecursively(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
