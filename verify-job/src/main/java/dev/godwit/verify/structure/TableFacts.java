package dev.godwit.verify.structure;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a database has beside the columns of one table, in words that can be compared with those of another database. */
final class TableFacts {
    /** By column: the default's expression, brought into one form. */
    final Map<String, String> defaults = new TreeMap<>();
    /** The conditions of CHECK constraints, brought into one form. */
    final SortedSet<String> checks = new TreeSet<>();
    /** The columns and expressions of indexes that are not unique. */
    final SortedSet<String> indexes = new TreeSet<>();
    /** By column of text: in which order its values come. */
    final Map<String, String> collations = new HashMap<>();
    /** By column: the sequence that numbers it, as SQL names it. */
    final Map<String, String> sequences = new TreeMap<>();
}
