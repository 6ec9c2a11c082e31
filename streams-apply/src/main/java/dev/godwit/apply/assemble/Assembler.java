package dev.godwit.apply.assemble;

import dev.godwit.apply.change.Origin;
import dev.godwit.apply.decode.Event;
import dev.godwit.apply.decode.SchemaChangedException;

/**
 * Puts events together into whole transactions and releases them in commit order, each once. Used by one thread.
 *
 * <p>After a restart it is fed again from the restart offsets; what the ledger's consistent point covers is dropped
 * here.
 */
public interface Assembler {

    /**
     * Takes one event; whatever becomes complete by it goes to the {@link Released} this assembler was made with.
     *
     * @throws dev.godwit.apply.ApplyException if events are missing, so that some transaction can never become whole
     */
    void accept(Origin origin, Event event);

    /**
     * Takes a row that does not fit the tables as they are now, because it is older or younger. If it was applied already, that
     * does not matter, and it is passed over.
     *
     * @throws SchemaChangedException {@code why}: at once, or from a later call as soon as its transaction turns out to be one that
     *     is to be applied
     */
    void acceptUnreadable(Origin origin, SchemaChangedException why);

    /** How many transactions have begun but are not whole yet. */
    int openTransactions();
}
