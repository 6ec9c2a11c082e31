package dev.godwit.fetch.source;

import dev.godwit.fetch.FetchListener;
import dev.godwit.fetch.FetchRequest;
import dev.godwit.fetch.session.OpenConnections;
import java.util.function.Consumer;

/**
 * What the source's part of a load is told.
 *
 * @param fetchId names the load
 * @param secret what nobody else can guess, and the target remembers
 * @param connections where every connection is entered, so that the load can be stopped
 * @param doing hears, in words, what is being done, for the message of a failure
 */
public record SourceContext(
        FetchRequest request,
        FetchListener listener,
        String fetchId,
        String secret,
        OpenConnections connections,
        Consumer<String> doing) {}
