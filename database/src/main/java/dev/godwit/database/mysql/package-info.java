/** What a MySQL server and its tables must be like to be replicated from and back to. */
package dev.godwit.database.mysql;
