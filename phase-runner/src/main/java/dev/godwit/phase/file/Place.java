package dev.godwit.phase.file;

import dev.godwit.database.RefusedException;

/**
 * A line of the phase file, for messages.
 *
 * @param line counted from 1
 */
public record Place(String file, int line) {

    /** A refusal that begins with file and line. */
    public RefusedException refuse(String message, String remedy) {
        return new RefusedException(this + ": " + message, remedy);
    }

    /** The same refusal with file and line in front, for what is found out far from the file, such as a filter against a table. */
    public RefusedException locate(RefusedException refusal) {
        return new RefusedException(this + ": " + refusal.getMessage(), refusal.remedy(), refusal);
    }

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
