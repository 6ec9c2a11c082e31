/** {@code godwit bench verify}: comparing two tables by checksum and in full, beside reading both with COPY. */
package dev.godwit.bench.verify;
