package dev.godwit.fetch.mysql;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.catalog.TableName;
import java.util.List;

/** What a loader and the process that keeps its snapshot say to each other. */
final class KeeperTerms {
    static final ObjectMapper JSON = new ObjectMapper();

    /** The keeper's one line of output begins with this. */
    static final String READY = "godwit-snapshot-keeper ";

    static final byte FIRST = 'F';
    static final byte ROWS = 'R';
    static final byte END = 'E';

    static final byte OK = '+';
    static final byte BUSY = '!';
    static final byte FAILED = '-';

    /** In place of the length of a row, which is never 0. */
    static final int NO_MORE = 0;

    static final int BROKEN = -1;

    private KeeperTerms() {}

    /**
     * Told to the keeper by its standard input, since others can read arguments.
     *
     * @param url with the password
     * @param secret what a loader must know
     * @param keepMs how long it lives after the last loader has left
     */
    record Order(String url, List<TableName> tables, int sessions, String secret, long keepMs) {}

    /** @param failure in words; null if the snapshot is there */
    record Answer(int port, String gtidSet, String failure, String sqlState) {}
}
