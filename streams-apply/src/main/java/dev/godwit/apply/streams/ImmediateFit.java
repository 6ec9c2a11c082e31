package dev.godwit.apply.streams;

import dev.godwit.apply.ApplyConfig;
import dev.godwit.apply.ErrorPolicy.BadRows;
import dev.godwit.database.RefusedException;
import dev.godwit.database.catalog.ForeignKey;
import java.util.Optional;

/** What mode immediate cannot do is refused at the start. */
final class ImmediateFit {
    private ImmediateFit() {}

    static void require(ApplyConfig config, Tables tables) {
        if (config.errors().badRows() != BadRows.STOP) {
            throw new RefusedException(
                    "mode immediate puts no rows aside as dead letters: it does not know whole transactions",
                    "leave apply.bad-rows at stop, or use mode consistent or grouped");
        }
        config.slices().stream()
                .filter(slice -> slice.loadedAt().isPresent())
                .findFirst()
                .ifPresent(slice -> {
                    throw new RefusedException(
                            "table " + slice.table()
                                    + " was loaded later than its phase (loaded-at), and in mode immediate a row"
                                    + " does not tell whether its transaction is in that load",
                            "use mode consistent or grouped, or start the phase over with this table");
                });
        Optional<ForeignKey> cascade = tables.targetCatalog().foreignKeys().stream()
                .filter(ForeignKey::changesChildren)
                .filter(key -> tables.captured().containsKey(key.parent()))
                .findFirst();
        if (cascade.isPresent()) {
            throw new RefusedException(
                    "foreign key " + cascade.get().name() + " of "
                            + cascade.get().child()
                            + " on the replication target deletes or changes children with their parent; in mode immediate a child that"
                            + " was written for a later parent would go with the earlier one",
                    "make it NO ACTION until cut-over (the source's own cascades come as changes of the children), or use mode"
                            + " consistent or grouped");
        }
    }
}
