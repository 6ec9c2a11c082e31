/** Makes the tables of the target from those of the source: what is needed to load comes first, all other definitions go to a file. */
package dev.godwit.fetch.schema;
