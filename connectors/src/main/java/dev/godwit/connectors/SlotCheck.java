package dev.godwit.connectors;

import dev.godwit.database.RefusedException;
import java.sql.Connection;
import java.sql.SQLException;

/** Refuses a replication slot that the connector could not read, or that belongs to somebody else. */
final class SlotCheck {
    private SlotCheck() {}

    /** @param mayBeActive whether our own connector may be reading it already */
    static void check(Connection source, String slotName, String database, boolean mayBeActive) throws SQLException {
        SlotStatus slot = Slots.find(source, slotName)
                .orElseThrow(() -> new RefusedException(
                        "the source has no replication slot " + slotName,
                        "load the phase first: the load makes the slot, and its snapshot is where replication begins"));
        if (!slot.plugin().equals("pgoutput")) {
            throw new RefusedException(
                    "the replication slot " + slotName + " is "
                            + (slot.plugin().isEmpty() ? "a physical one" : "for plug-in " + slot.plugin())
                            + ", not for pgoutput",
                    "choose another name for migration or phase, or drop the slot if nothing else uses it");
        }
        if (!slot.database().equals(database)) {
            throw new RefusedException(
                    "the replication slot " + slotName + " belongs to database \"" + slot.database() + "\", not to \""
                            + database + "\"",
                    "check the database name in the source URL");
        }
        if (slot.walStatus().equals("lost")) {
            throw new RefusedException(
                    "the replication slot " + slotName
                            + " is lost: the server has removed WAL that it needed (max_slot_wal_keep_size)",
                    "drop the slot, raise max_slot_wal_keep_size, and load the phase again");
        }
        if (slot.active() && !mayBeActive) {
            throw new RefusedException(
                    "the replication slot " + slotName + " is read by "
                            + slot.holder().orElse("another process"),
                    "stop that reader; a slot can have only one");
        }
    }
}
