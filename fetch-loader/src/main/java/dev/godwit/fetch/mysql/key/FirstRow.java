package dev.godwit.fetch.mysql.key;

import java.sql.SQLException;
import java.util.List;

/** Asks the server. */
public interface FirstRow {

    /** The columns of the first row; empty if there is none. Values may be null. */
    List<String> of(String sql) throws SQLException;
}
