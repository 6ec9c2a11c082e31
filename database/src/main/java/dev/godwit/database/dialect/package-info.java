/** What differs between database products: reading the catalog, writing many rows at once, telling failures apart. */
package dev.godwit.database.dialect;
