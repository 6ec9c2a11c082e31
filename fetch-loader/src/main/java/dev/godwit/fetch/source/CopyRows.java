package dev.godwit.fetch.source;

import java.sql.SQLException;

/** The rows of one shard on their way from the source. Used by one thread. */
public interface CopyRows extends AutoCloseable {

    /**
     * @return the next row in COPY's text form, with its line end; null when all have come, and as many as the source says
     * @throws SQLException if the source fails, or holds a value that cannot travel
     */
    byte[] next() throws SQLException;

    /** Ends the reading, also before its end. */
    @Override
    void close() throws SQLException;
}
