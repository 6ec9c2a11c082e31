/** Cuts tables of MySQL at keys that they really have, in the order of their own index, without reading them. */
package dev.godwit.fetch.mysql.key;
