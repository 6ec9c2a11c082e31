package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import dev.godwit.apply.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Reads Confluent's wire format: a zero byte, four bytes of schema id, the Avro record as that schema wrote it. A record is
 * read with the schema it was written with and nothing else, so a schema may change in mid-stream. Not thread-safe.
 */
final class AvroMessages {
    private static final int HEADER_BYTES = 5;

    private final SchemaRegistry registry;
    private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();
    private BinaryDecoder reused;

    AvroMessages(SchemaRegistry registry) {
        this.registry = registry;
    }

    /** JSON text never begins with a zero byte. */
    static boolean isAvro(byte[] message) {
        return message != null && message.length > HEADER_BYTES && message[0] == 0;
    }

    GenericRecord read(Origin origin, byte[] message) {
        if (!isAvro(message)) {
            throw new ApplyException(
                    "the message at " + origin
                            + " is not Avro in Confluent's wire format (a zero byte, four bytes of schema id); key and value need the same converter");
        }
        int id = ByteBuffer.wrap(message).getInt(1);
        try {
            reused = DecoderFactory.get().binaryDecoder(message, HEADER_BYTES, message.length - HEADER_BYTES, reused);
            GenericRecord record = reader(id).read(null, reused);
            if (!reused.isEnd()) {
                throw new ApplyException(
                        "the message at " + origin + " is longer than schema " + id + " of the registry says");
            }
            return record;
        } catch (IOException | AvroRuntimeException | ClassCastException e) {
            throw new ApplyException(
                    "the message at " + origin + " is not what schema " + id + " of the registry says: "
                            + e.getMessage(),
                    e);
        }
    }

    private GenericDatumReader<GenericRecord> reader(int id) {
        return readers.computeIfAbsent(id, unknown -> {
            Schema schema = registry.schema(unknown);
            if (schema.getType() != Schema.Type.RECORD) {
                throw new ApplyException("schema " + unknown + " of the registry is " + schema.getType()
                        + "; messages of changefeeds and of Debezium are records");
            }
            return new GenericDatumReader<>(schema);
        });
    }
}
