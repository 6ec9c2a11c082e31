/** What a load needs of its source, whichever product that is: checks, one snapshot over several connections, rows as the text of COPY. */
package dev.godwit.fetch.source;
