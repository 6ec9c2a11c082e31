/** Cuts tables into pieces that together are the whole. */
package dev.godwit.fetch.shard;
