/** Moves the pieces from the snapshot into the target. */
package dev.godwit.fetch.load;
