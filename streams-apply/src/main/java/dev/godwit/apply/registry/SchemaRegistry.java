package dev.godwit.apply.registry;

import org.apache.avro.Schema;

/** Where the schemas of Avro messages are. Implementations are thread-safe. */
public interface SchemaRegistry {

    /**
     * The schema that a message was written with. An id never gets another schema, so answers may be kept for ever.
     *
     * @param id the four bytes behind the magic byte of the message
     * @throws dev.godwit.apply.ApplyException if the registry does not have it, does not answer in time, or the schema is
     *     not Avro; the message says which
     */
    Schema schema(int id);
}
