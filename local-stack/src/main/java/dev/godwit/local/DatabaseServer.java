package dev.godwit.local;

import dev.godwit.database.DatabaseUrl;

/** A database server of the local stack. */
public interface DatabaseServer extends AutoCloseable {

    /** The URL of a database on it, whether that exists or not, for its superuser. */
    DatabaseUrl url(String database);

    /** Creates a database. @return its URL */
    DatabaseUrl createDatabase(String database);

    /** On 127.0.0.1. */
    int port();

    /** Stops the server and removes its data. Idempotent. */
    @Override
    void close();
}
