package dev.godwit.apply.decode;

import dev.godwit.apply.ApplyException;
import dev.godwit.apply.change.Origin;
import java.io.IOException;

/** What the decoders share. */
final class Records {
    private Records() {}

    static Json.Members object(Origin origin, byte[] bytes) {
        try {
            if (Json.parse(bytes) instanceof Json.Members members) {
                return members;
            }
        } catch (IOException e) {
            throw new ApplyException("the message at " + origin + " is no JSON", e);
        }
        throw new ApplyException("the message at " + origin + " is no JSON object");
    }

    /** The marker of a row of {@code _godwit.watermark}; null if the row is another domain's or was deleted. */
    static String marker(String domain, Json after) {
        return after instanceof Json.Members row
                        && row.member("domain") instanceof Json.Text rowDomain
                        && rowDomain.value().equals(domain)
                        && row.member("marker") instanceof Json.Text marker
                ? marker.value()
                : null;
    }
}
