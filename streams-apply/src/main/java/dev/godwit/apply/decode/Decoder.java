package dev.godwit.apply.decode;

import dev.godwit.apply.change.Origin;

/** Reads one message format. One for each stream thread. */
public interface Decoder {

    /**
     * @param key may be null
     * @param value null for a tombstone
     * @throws dev.godwit.apply.ApplyException if the record is not what this format allows, or names a column that
     *     the tables do not have
     */
    Event decode(Origin origin, byte[] key, byte[] value);
}
