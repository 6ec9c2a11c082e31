package dev.godwit.apply.conflict;

import dev.godwit.database.catalog.ForeignKey;
import dev.godwit.database.catalog.Table;
import java.util.Set;

/** The names of the elements of one foreign key, which both of its sides use. */
final class ForeignKeyElements {
    private final ForeignKey foreignKey;
    private final boolean exact;
    private final boolean anyParentMeant;
    private final long seed;

    /** @param parentImagesKnown whether changes of the parent come with the whole old row */
    ForeignKeyElements(ForeignKey foreignKey, Table child, Table parent, boolean parentImagesKnown) {
        this.foreignKey = foreignKey;
        boolean shared = KeyColumns.of(child, foreignKey.childColumns(), false) != null
                && KeyColumns.of(parent, foreignKey.parentColumns(), false) != null;
        for (int i = 0; i < foreignKey.childColumns().size(); i++) {
            shared &= EqualText.isShared(
                    child.requireColumn(foreignKey.childColumns().get(i)).type(),
                    parent.requireColumn(foreignKey.parentColumns().get(i)).type());
        }
        this.exact = shared;
        boolean partOfKey = Set.copyOf(parent.primaryKey()).containsAll(foreignKey.parentColumns());
        this.anyParentMeant = !exact || (!partOfKey && !parentImagesKnown);
        this.seed = Hash.of(3, foreignKey.child() + " " + foreignKey.name());
    }

    ForeignKey foreignKey() {
        return foreignKey;
    }

    /** Whether parent keys can be told apart by their text. */
    boolean isExact() {
        return exact;
    }

    /** Whether a parent may appear or go of which the key is not known. */
    boolean isAnyParentMeant() {
        return anyParentMeant;
    }

    /** From which the numbers of parent keys are made. */
    long seed() {
        return seed;
    }

    /** Children take it, parents give it. */
    long anyParent() {
        return Hash.mix(seed + 1);
    }

    /** Taken by children that may leave any parent, given by parents that go. */
    long unknownChildren() {
        return Hash.mix(seed + 2);
    }
}
