package dev.godwit.apply.conflict;

/**
 * How a transaction touches an element. Two transactions that touch the same element conflict, unless both do so in
 * the same way and that way is not {@link #WRITE}.
 */
public enum Access {
    /** Changes it: nobody else may touch it at the same time. */
    WRITE,
    /** Relies on it: a child row on its parent's key. */
    READ,
    /** Takes something out of a whole of which not every part is known: some value of a unique key, some parent. */
    TAKE,
    /** Gives something up, or in, of such a whole. */
    GIVE
}
