package dev.godwit.phase.run;

import dev.godwit.database.RefusedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What only the user can do: nothing else knows where the application's traffic goes. */
public enum UserAction {
    /** Step 7: the application writes nothing of this phase to the source any more. */
    STOP_TRAFFIC("stop the traffic of this phase to the source"),
    /** Step 11: the application of this phase works on the target. */
    CUT_OVER("send the traffic of this phase to the target"),
    /** Step 12: nobody wants to go back any more. */
    STOP_FAILBACK("decide that nobody wants to go back any more"),
    /** Rolling back: the application writes nothing of this phase to the target any more. */
    STOP_TARGET_TRAFFIC("stop the traffic of this phase to the target"),
    /** Rolling back: the application of this phase works on the source again. */
    RETURN_TRAFFIC("send the traffic of this phase to the source again");

    private final String request;

    UserAction(String request) {
        this.request = request;
    }

    /** What the user is asked to do, in the imperative. */
    public String request() {
        return request;
    }

    /** As written behind {@code --confirm}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static UserAction parse(String text) {
        return Arrays.stream(values())
                .filter(action -> action.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "there is nothing called \"" + text + "\" to confirm",
                        "use one of: "
                                + Arrays.stream(values()).map(UserAction::word).collect(Collectors.joining(", "))));
    }
}
