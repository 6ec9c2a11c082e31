/** When two values are the same, and in which order keys come, type by type. Knows text, no database. */
package dev.godwit.verify.value;
