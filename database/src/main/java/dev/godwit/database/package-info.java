/** Databases as Godwit meets them: URLs, connections, products, and bad input refused in words. */
package dev.godwit.database;
