package dev.godwit.verify;

import dev.godwit.database.RefusedException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as MOLT's command lines have them: {@code 1h}, {@code 2m30s}, {@code 250ms}. */
final class GoDuration {
    private static final Pattern WHOLE = Pattern.compile("([0-9]+(ms|s|m|h))+");
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private GoDuration() {}

    /** @throws RefusedException if the text is none, or is longer than some centuries */
    static Duration parse(String option, String text) {
        Duration duration = Duration.ZERO;
        if (!text.equals("0")) {
            if (!WHOLE.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
                throw refused(option, text);
            }
            Matcher part = PART.matcher(text.toLowerCase(Locale.ROOT));
            int end = 0;
            while (part.find() && part.start() == end) {
                end = part.end();
                long number = Long.parseLong(part.group(1));
                duration = duration.plus(
                        switch (part.group(2)) {
                            case "ms" -> Duration.ofMillis(number);
                            case "s" -> Duration.ofSeconds(number);
                            case "m" -> Duration.ofMinutes(number);
                            default -> Duration.ofHours(number);
                        });
            }
            if (end != text.length()) {
                throw refused(option, text);
            }
        }
        return duration;
    }

    private static RefusedException refused(String option, String text) {
        return new RefusedException(
                option + " \"" + text + "\" is no duration",
                "write hours, minutes, seconds or milliseconds: 1h, 2m30s, 250ms");
    }
}
