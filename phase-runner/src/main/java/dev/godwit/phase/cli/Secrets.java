package dev.godwit.phase.cli;

import java.util.regex.Pattern;

/** Blots out what looks like a password: a safety net under code that should not print one to begin with. */
final class Secrets {
    private static final Pattern IN_URL = Pattern.compile("(://[^:/@\\s]*:)[^@\\s/]+@");
    private static final Pattern NAMED = Pattern.compile(
            "((?:password|passwd|secret|sasl\\.jaas\\.config)[\"']?\\s*[=:]\\s*[\"']?)(?!\\[hidden]|null\\b|\\*)[^\\s\"',}&;]+",
            Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    static String mask(String text) {
        return NAMED.matcher(IN_URL.matcher(text).replaceAll("$1***@")).replaceAll("$1***");
    }
}
