package dev.godwit.verify;

import dev.godwit.database.catalog.Column;
import dev.godwit.verify.value.ValueRule;

/** A column that both sides have, in types whose values can be compared. */
record ComparedColumn(Column source, Column target, ValueRule rule) {
    String name() {
        return source.name();
    }
}
