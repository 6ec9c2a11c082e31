package dev.godwit.phase.file;

import dev.godwit.database.RefusedException;
import dev.godwit.fetch.FileOptions;
import dev.godwit.fetch.file.Compression;
import dev.godwit.fetch.file.FileLimits;
import dev.godwit.fetch.store.FilePlace;
import dev.godwit.fetch.store.StoreAccess;
import dev.godwit.fetch.store.StoreUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads {@code fetch.files}: the options that {@code godwit fetch} has for files, by the same names. */
final class FetchFiles {
    static final String[] KEYS = {
        "bucket-path",
        "local-path",
        "local-path-listen-addr",
        "local-path-crdb-access-addr",
        "local-path-nodelocal",
        "compression",
        "use-copy",
        "use-implicit-auth",
        "assume-role",
        "import-region",
        "cleanup"
    };

    private final YamlValue section;
    private final YamlMap files;
    private final Path directory;

    private FetchFiles(YamlValue section, Path directory) {
        this.section = section;
        this.files = section.map(KEYS);
        this.directory = directory;
    }

    /** @param directory that of the phase file, which paths are relative to */
    static FileOptions read(YamlValue section, Path directory) {
        return new FetchFiles(section, directory).read();
    }

    private FileOptions read() {
        if (files.optional("bucket-path").isPresent()
                == files.optional("local-path").isPresent()) {
            throw refuse("must say where the files go", "give either bucket-path or local-path");
        }
        boolean local = files.optional("local-path").isPresent();
        return new FileOptions(
                local ? directory() : bucket(),
                files.optional("compression")
                        .map(value -> value.choice(Compression.class))
                        .orElse(local ? Compression.NONE : Compression.GZIP),
                FileLimits.DEFAULT,
                FileOptions.DEFAULT_BATCH_FILES,
                is("use-copy"),
                is("cleanup"));
    }

    private FilePlace directory() {
        for (String key : new String[] {"use-implicit-auth", "assume-role", "import-region"}) {
            if (files.optional(key).isPresent()) {
                throw refuse("has " + key + ", which is about buckets", "leave it out, or give bucket-path");
            }
        }
        Path path = directory.resolve(text("local-path").orElseThrow()).normalize();
        Optional<YamlValue> nodelocal = files.optional("local-path-nodelocal");
        if (nodelocal.isPresent() && text("local-path-listen-addr").isPresent()) {
            throw refuse(
                    "has local-path-nodelocal and local-path-listen-addr",
                    "keep one: the node reads the files by itself");
        }
        if (text("local-path-crdb-access-addr").isPresent()
                && text("local-path-listen-addr").isEmpty()) {
            throw refuse("has local-path-crdb-access-addr without local-path-listen-addr", "give both");
        }
        if (nodelocal.isPresent()) {
            try {
                return FilePlace.nodelocal(path, nodelocal.get().text());
            } catch (RefusedException e) {
                throw nodelocal.get().place().locate(e);
            }
        }
        return FilePlace.directory(path, text("local-path-listen-addr"), text("local-path-crdb-access-addr"));
    }

    private FilePlace bucket() {
        for (String key :
                new String[] {"local-path-listen-addr", "local-path-crdb-access-addr", "local-path-nodelocal"}) {
            if (files.optional(key).isPresent()) {
                throw refuse("has " + key + ", and the files go to a bucket", "leave it out, or give local-path");
            }
        }
        YamlValue url = files.require("bucket-path");
        StoreAccess access =
                new StoreAccess(is("use-implicit-auth"), text("assume-role"), text("import-region"), environment());
        try {
            return FilePlace.bucket(StoreUrl.parse(url.text()), access);
        } catch (RefusedException e) {
            throw url.place().locate(e);
        }
    }

    /** Where the stores' own variables stand, such as {@code AWS_ACCESS_KEY_ID}: no secrets in the file. */
    private static Map<String, String> environment() {
        return System.getenv();
    }

    private Optional<String> text(String key) {
        return files.optional(key).map(YamlValue::text);
    }

    private boolean is(String key) {
        return files.optional(key).map(YamlValue::flag).orElse(false);
    }

    private RefusedException refuse(String problem, String remedy) {
        return section.place().refuse("\"fetch.files\" " + problem, remedy);
    }
}
