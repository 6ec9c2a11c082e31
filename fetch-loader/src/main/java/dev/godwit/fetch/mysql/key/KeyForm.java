package dev.godwit.fetch.mysql.key;

import java.sql.SQLException;
import java.util.Optional;

/** How the values of one column of a key are read, written as literals that compare in the column's own order, and halved. */
interface KeyForm {

    /** An expression whose text is a value's text here. */
    String selected(String column);

    /** A literal; comparing the column with it can be served by an index. */
    String literal(String text);

    /**
     * The text of a value, perhaps one that no row has, about in the middle of two. It need not lie between them: what the server finds there is looked at. Empty if there is none that
     * differs from the lower one.
     */
    Optional<String> between(String low, String high) throws SQLException;
}
