package dev.godwit.fetch.store;

/**
 * A whole file.
 *
 * @param name relative to the store
 * @param bytes its size
 */
public record StoredFile(String name, long bytes) {}
