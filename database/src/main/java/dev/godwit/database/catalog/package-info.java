/** The tables, columns, keys and foreign keys of a database, and what follows from them: which tables fit each other, and in which order they
 * are written. */
package dev.godwit.database.catalog;
