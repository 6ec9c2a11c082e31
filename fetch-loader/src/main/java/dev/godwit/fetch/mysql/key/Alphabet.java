package dev.godwit.fetch.mysql.key;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * In which order a collation puts characters, as far as it puts them one by one; the server is asked. Characters of scripts that keys have are added when they are met.
 * Not thread-safe.
 */
final class Alphabet {
    private static final int[] BASE = {0x20, 0x17f};
    /** Scripts that are larger than a block of 256 characters. */
    private static final int[][] LARGE = {{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xac00, 0xd7a3}};

    private static final int BLOCK = 0x100;
    /** From here on collations without an order of their own put characters by two weights, as they put the letters of an abbreviation elsewhere. */
    private static final int IDEOGRAPHS = 0x2e80;

    private final String collation;
    private final FirstRow server;
    private final TreeSet<Integer> asked = new TreeSet<>();
    private final Map<Integer, Integer> ranks = new HashMap<>();
    /** By rank from 1, one that does not stand for several others, as that for one half does. */
    private final List<Integer> plain = new ArrayList<>();

    /** @param collation of MySQL; its name begins with that of its character set */
    Alphabet(String collation, FirstRow server) {
        this.collation = collation;
        this.server = server;
    }

    /** Makes sure that these characters are known, with others of their script. */
    void learn(int[] characters) throws SQLException {
        boolean news = asked.isEmpty();
        if (news) {
            ask(BASE[0], BASE[1]);
        }
        for (int character : characters) {
            if (!asked.contains(character)) {
                news = true;
                int from = character / BLOCK * BLOCK;
                int to = from + BLOCK - 1;
                for (int[] large : LARGE) {
                    if (large[0] <= character && character <= large[1]) {
                        from = large[0];
                        to = large[1];
                    }
                }
                ask(from, to);
            }
        }
        if (news) {
            rank();
        }
    }

    private void ask(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(asked::add);
    }

    private void rank() throws SQLException {
        String charset = collation.replaceFirst("_.*", "");
        String numbers = asked.stream()
                .filter(Character::isDefined)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .map(String::valueOf)
                .collect(Collectors.joining(",", "'[", "]'"));
        // What the column's character set does not have comes back as a question mark; what means nothing to the
        // collation is equal to the empty text.
        List<String> answer = server.of("SELECT /*+ SET_VAR(group_concat_max_len = 4000000) */"
                + " GROUP_CONCAT(n, ':', r, ':', p ORDER BY r, p DESC, n) FROM (SELECT n, DENSE_RANK() OVER (ORDER BY own) AS r,"
                + " LENGTH(WEIGHT_STRING(own)) <= LENGTH(WEIGHT_STRING(CONVERT('a' USING " + charset + ") COLLATE "
                + collation + ")) AS p FROM (SELECT n, c, CONVERT(c USING " + charset + ") COLLATE " + collation
                + " AS own FROM (SELECT n, CONVERT(UNHEX(LPAD(HEX(n), 8, '0')) USING utf32) AS c FROM JSON_TABLE("
                + numbers + ", '$[*]' COLUMNS (n INT PATH '$')) AS numbers) AS characters) AS converted"
                + " WHERE CAST(CONVERT(own USING utf32) AS BINARY) = CAST(c AS BINARY) AND own <> '') AS ranked");
        ranks.clear();
        plain.clear();
        if (!answer.isEmpty() && answer.get(0) != null) {
            number(answer.get(0).split(","));
        }
    }

    /** Characters that count as the same have one number, and others that of the next lower one. */
    private void number(String[] ordered) {
        Map<String, Integer> numbers = new HashMap<>();
        for (String each : ordered) {
            String[] parts = each.split(":");
            int character = Integer.parseInt(parts[0]);
            if ((parts[2].equals("1") || character >= IDEOGRAPHS) && !numbers.containsKey(parts[1])) {
                numbers.put(parts[1], plain.size() + 1);
                plain.add(character);
            }
            ranks.put(character, plain.size());
        }
    }

    /** From 1, and 0 for what means nothing. */
    int[] ranks(int[] text) {
        return IntStream.of(text).map(this::rank).toArray();
    }

    private int rank(int character) {
        return ranks.getOrDefault(character, 0);
    }

    int ranksMax() {
        return Math.max(1, plain.size());
    }

    int character(int rank) {
        return plain.isEmpty() ? ' ' : plain.get(rank - 1);
    }
}
