package dev.godwit.connectors;

import com.fasterxml.jackson.databind.JsonNode;

/** What a source does while its connector is taught more tables. Made while the connector still runs. */
interface TableAddition {
    /** For sources that tell with the changes what the tables are like. */
    TableAddition NOTHING = place -> true;

    /**
     * The connector is stopped, without the tables. May be called again after it has run for a while.
     *
     * @param place where it goes on, as Connect has stored it: partition and offset
     * @return whether it may go on there with the tables; if not, it has to read on without them first. Nothing has been done then
     * @throws ConnectorFailedException if it may not, or something could not be written
     */
    boolean prepare(JsonNode place);
}
