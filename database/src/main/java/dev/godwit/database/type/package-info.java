/** The types of columns, the same for every product; a value is always its text form. */
package dev.godwit.database.type;
