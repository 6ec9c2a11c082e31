package dev.godwit.fetch.store;

import dev.godwit.database.RefusedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a cloud store is entered, by us and by the target.
 *
 * @param implicit both use what the machine they run on gives them (an instance's role, a service account); else keys
 *     are taken from the environment and handed to the target in the URLs of its imports
 * @param assumeRole a role to take on first, S3 (an ARN) and GCS (service accounts); empty for none
 * @param region of an S3 bucket; empty for what the SDK finds
 * @param environment where keys are taken from
 */
public record StoreAccess(
        boolean implicit, Optional<String> assumeRole, Optional<String> region, Map<String, String> environment) {
    /** For places that need none. */
    static final StoreAccess NONE = new StoreAccess(true, Optional.empty(), Optional.empty(), Map.of());

    public StoreAccess {
        environment = Map.copyOf(environment);
        if (assumeRole.isPresent() && !implicit) {
            throw new RefusedException(
                    "--assume-role needs --use-implicit-auth",
                    "add --use-implicit-auth: the role is taken on from what the machine is");
        }
    }

    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** @throws RefusedException naming the variable, if it is not set */
    String requireVariable(String name, StoreUrl url) {
        return variable(name)
                .orElseThrow(() -> new RefusedException(
                        "there are no credentials for " + url + ": " + name + " is not set",
                        "set " + name + ", or give --use-implicit-auth where this machine and the target may enter the"
                                + " bucket by what they are"));
    }

    /** A file's URL with the parameters that CockroachDB documents for cloud storage. */
    static String importUrl(StoreUrl url, String name, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(
                        "&", url.kind().scheme() + "://" + url.bucket() + "/" + url.key(name) + "?", ""));
    }

    /** In the order in which they are added. */
    static Map<String, String> parameters() {
        return new LinkedHashMap<>();
    }
}
