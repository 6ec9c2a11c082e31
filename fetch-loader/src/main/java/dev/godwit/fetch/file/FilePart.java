package dev.godwit.fetch.file;

/**
 * A whole file of a load.
 *
 * @param name in its store
 * @param rows that it holds
 * @param bytes as it lies in the store
 * @param sha256 of those bytes, in hexadecimal
 * @param largestRowBytes how long its longest row is, before compression
 */
public record FilePart(String name, long rows, long bytes, String sha256, long largestRowBytes) {}
