package dev.godwit.local.changefeed;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;

/** The name of a feed's slot and publication. Slots belong to the whole server, so the database is part of it. */
final class FeedNames {
    private FeedNames() {}

    static String slotAndPublication(String database, String topicPrefix) {
        CRC32 checksum = new CRC32();
        checksum.update((database + "\0" + topicPrefix).getBytes(StandardCharsets.UTF_8));
        String readable = topicPrefix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        // At most 63 characters; the checksum keeps apart what cutting and replacing made equal.
        return "godwit_feed_" + readable.substring(0, Math.min(40, readable.length())) + "_"
                + Long.toHexString(checksum.getValue());
    }
}
