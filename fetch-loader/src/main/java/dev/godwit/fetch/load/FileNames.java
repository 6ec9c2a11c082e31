package dev.godwit.fetch.load;

import dev.godwit.database.catalog.TableName;
import dev.godwit.fetch.shard.Shard;
import java.util.Locale;

/** The names of files in their store, of characters that need no escape in any URL. */
final class FileNames {
    private FileNames() {}

    /** As MOLT has it: folder of the load, folder of the table, shard. */
    static String prefix(String fetchId, Shard shard) {
        return fetchId + "/" + folder(shard.table().name()) + String.format(Locale.ROOT, "/shard_%02d", shard.number());
    }

    /** Different for different tables: every character but the plain ones stands as its number. */
    private static String folder(TableName table) {
        return escaped(table.schema()) + "." + escaped(table.name());
    }

    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().forEach(character -> {
            boolean plain = character < 128 && (Character.isLetterOrDigit(character) || character == '_');
            if (plain) {
                text.appendCodePoint(character);
            } else {
                text.append('-').append(Integer.toHexString(character)).append('-');
            }
        });
        return text.toString();
    }
}
