/** Compares structure and rows of the two sides of a migration, and says so on the command line as {@code godwit verify}. */
package dev.godwit.verify;
