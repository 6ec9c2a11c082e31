package dev.godwit.connectors;

import java.util.Optional;

/**
 * Forward replication of a phase, seen from both of its ends.
 *
 * @param connector empty if there is none
 * @param slot empty if there is none
 */
public record ForwardStatus(Optional<ConnectorStatus> connector, Optional<SlotStatus> slot) {

    /** Whether changes flow: the connector and its task run, and the slot is being read. */
    public boolean isFlowing() {
        return connector.map(ConnectorStatus::isRunning).orElse(false)
                && slot.map(SlotStatus::active).orElse(false);
    }
}
