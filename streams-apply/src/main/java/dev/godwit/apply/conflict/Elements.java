package dev.godwit.apply.conflict;

import dev.godwit.apply.change.Change;

/** The elements that a change of a table touches because of one key or foreign key. */
interface Elements {
    void add(Change change, WriteSet.Builder set);
}
