package dev.godwit.fetch.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A place for the intermediate files of loads. A file is there whole or not at all: what is written appears under its
 * name when {@link FileSink#commit} returns, and is durable then. Names are relative paths with {@code /} between
 * folders. Thread-safe; memory per open file is bounded by some megabytes.
 */
public interface FileStore extends AutoCloseable {

    /** For people: where it is, without secrets. */
    String location();

    /** Begins a file. A file that stands under this name already is replaced at {@link FileSink#commit}. */
    FileSink create(String name) throws IOException;

    /** @throws java.nio.file.NoSuchFileException if there is no such file */
    InputStream open(String name) throws IOException;

    /** All whole files whose names begin with {@code prefix}, in no particular order. */
    List<StoredFile> list(String prefix) throws IOException;

    /** Does nothing if there is no such file. */
    void delete(String name) throws IOException;

    /**
     * Where {@code IMPORT INTO} finds the file, credentials included: never to be logged.
     *
     * @throws dev.godwit.database.RefusedException if the target cannot reach this store
     */
    String importUrl(String name);

    @Override
    void close();
}
