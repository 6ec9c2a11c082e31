/** The bulk load, beside what a user would pick instead: {@code godwit bench fetch}. */
package dev.godwit.bench.fetch;
