/** Row filters: the slice of a table that a phase moves, with one meaning in every database and in Java. */
package dev.godwit.database.filter;
