package dev.godwit.apply.ledger;

import dev.godwit.database.catalog.TableName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;

/**
 * How ordering domains are called: as their direction, where that is one domain; else by a name of their own behind a dot, which
 * the names of directions do not have. They are consumer groups and parts of topics and directories, too.
 */
public final class DomainNames {
    private static final char SEPARATOR = '.';
    private static final String FORWARD = "-forward";
    private static final String FAILBACK = "-failback";
    private static final String REPLAY = ".dead-letters";
    private static final int READABLE_MAX = 40;
    private static final int HASH_BYTES = 6;

    private DomainNames() {}

    /** The direction that a domain belongs to. */
    public static String direction(String domain) {
        int separator = domain.indexOf(SEPARATOR);
        return separator < 0 ? domain : domain.substring(0, separator);
    }

    /** The other direction of the same phase; empty if the name is not that of a direction. */
    public static String opposite(String direction) {
        if (direction.endsWith(FORWARD)) {
            return direction.substring(0, direction.length() - FORWARD.length()) + FAILBACK;
        }
        return direction.endsWith(FAILBACK)
                ? direction.substring(0, direction.length() - FAILBACK.length()) + FORWARD
                : "";
    }

    /**
     * The domain of a group of tables: the same for the same tables, whatever other groups there are, and another one for
     * others.
     */
    public static String group(String direction, Collection<TableName> tables) {
        TreeSet<TableName> sorted = new TreeSet<>(tables);
        String readable = sorted.first().name().replaceAll("[^a-zA-Z0-9_-]", "_");
        return direction + SEPARATOR + readable.substring(0, Math.min(READABLE_MAX, readable.length())) + "-"
                + hash(sorted);
    }

    /** The domain of one partition. */
    public static String partition(String direction, int partition, int partitions) {
        return direction + SEPARATOR + partition + "-of-" + partitions;
    }

    /** The domain that is meant, where it is the one under which its dead letters are replayed. */
    static String withoutReplay(String domain) {
        return domain.endsWith(REPLAY) ? domain.substring(0, domain.length() - REPLAY.length()) : domain;
    }

    private static String hash(Collection<TableName> tables) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (TableName table : tables) {
                for (String part : new String[] {table.schema(), table.name()}) {
                    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                    digest.update(bytes);
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
