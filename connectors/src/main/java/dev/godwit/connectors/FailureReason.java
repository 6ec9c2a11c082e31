package dev.godwit.connectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the words that matter in the stack trace by which Connect explains a failed task. */
final class FailureReason {
    private static final int LENGTH_MAX = 600;
    /** The class name at the start of a line of a chain of causes. */
    private static final Pattern EXCEPTION =
            Pattern.compile("^(?:Caused by: )?[\\w.$]+(?:Exception|Error|Throwable)[\\w$]*(?:: (.*))?$");

    /** What stands above every cause and says nothing. */
    private static final List<String> EMPTY_WORDS = List.of(
            "An exception occurred in the change event producer",
            "Unrecoverable exception from producer send callback",
            "Tolerance exceeded in error handler",
            "Exiting WorkerSourceTask due to unrecoverable exception",
            "Error while processing event at offset",
            "Failed to start replication stream",
            "Error configuring an instance of");

    private FailureReason() {}

    /** The first meaningful message of the chain, and the last cause if that says something else. Without class names and passwords. */
    static String of(String trace) {
        List<String> messages = messages(trace);
        List<String> meaningful = messages.stream()
                .filter(message -> EMPTY_WORDS.stream().noneMatch(message::startsWith))
                .toList();
        List<String> chosen = meaningful.isEmpty() ? messages : meaningful;
        if (chosen.isEmpty()) {
            return shortened(trace.lines().findFirst().orElse("no reason given"));
        }
        String first = chosen.get(0);
        String last = chosen.get(chosen.size() - 1);
        return shortened(first.contains(last) ? first : last.contains(first) ? last : first + ": " + last);
    }

    private static List<String> messages(String trace) {
        List<String> messages = new ArrayList<>();
        Optional<StringBuilder> open = Optional.empty();
        for (String line : (Iterable<String>) trace.lines()::iterator) {
            Matcher matcher = EXCEPTION.matcher(line);
            if (matcher.matches()) {
                open.map(StringBuilder::toString).ifPresent(messages::add);
                open = Optional.ofNullable(matcher.group(1)).map(StringBuilder::new);
            } else if (line.startsWith("\t")) {
                open.map(StringBuilder::toString).ifPresent(messages::add);
                open = Optional.empty();
            } else {
                open.ifPresent(text -> text.append(' ').append(line.strip())); // a message of several lines
            }
        }
        open.map(StringBuilder::toString).ifPresent(messages::add);
        // A cause without words of its own repeats the class of the next one: "java.io.IOException: ..."
        return messages.stream()
                .map(message -> message.replaceFirst("^(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ", "")
                        .strip())
                .filter(message -> !message.isEmpty())
                .toList();
    }

    private static String shortened(String text) {
        String scrubbed = Secrets.scrub(text);
        return scrubbed.length() <= LENGTH_MAX ? scrubbed : scrubbed.substring(0, LENGTH_MAX) + "...";
    }
}
