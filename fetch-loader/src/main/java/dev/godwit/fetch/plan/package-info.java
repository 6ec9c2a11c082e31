/** Checks everything before the first write, and says which table goes where, in which order. */
package dev.godwit.fetch.plan;
