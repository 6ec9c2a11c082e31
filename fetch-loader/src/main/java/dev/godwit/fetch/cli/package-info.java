/** The command {@code godwit fetch}: reads options into a {@link dev.godwit.fetch.FetchRequest} and runs it. */
package dev.godwit.fetch.cli;
