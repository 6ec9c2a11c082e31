/**
 * What transactions may not overtake each other: the elements that each touches (rows, values of unique keys, parent
 * keys), as hashes. When in doubt, more than is touched.
 */
package dev.godwit.apply.conflict;
