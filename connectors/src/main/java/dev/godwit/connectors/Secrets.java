package dev.godwit.connectors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Keeps passwords out of everything that is shown. */
final class Secrets {
    static final String MASK = "***";

    /** What Connect's config providers replace: {@code ${env:PGPASSWORD}}, {@code ${file:/run/secrets/pg:password}}. No secret itself. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[a-zA-Z0-9_-]+:[^}]*}");

    private static final Pattern IN_TEXT = Pattern.compile(
            "(?i)((?:password|passwd|pwd|secret|jaas\\.config)\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;&)}]+)");

    private static final Pattern IN_URL = Pattern.compile("(://[^/:@\\s]+:)[^@\\s]+@");

    private static final List<String> SECRET_SETTINGS =
            List.of("password", "secret", "jaas.config", "ssl.key", "token");

    private Secrets() {}

    static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    static Map<String, String> mask(Map<String, String> configuration) {
        Map<String, String> masked = new LinkedHashMap<>();
        configuration.forEach((key, value) -> masked.put(key, isSecret(key) && !isReference(value) ? MASK : value));
        return masked;
    }

    static boolean isSecret(String setting) {
        String lower = setting.toLowerCase(Locale.ROOT);
        return SECRET_SETTINGS.stream().anyMatch(lower::contains);
    }

    /** Text from elsewhere, which may hold a password by accident. */
    static String scrub(String text) {
        String withoutUrls = IN_URL.matcher(text).replaceAll("$1" + MASK + "@");
        return IN_TEXT.matcher(withoutUrls).replaceAll("$1" + MASK);
    }
}
