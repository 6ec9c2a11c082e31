package dev.godwit.verify;

import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which two databases are compared. */
final class ConnectionOptions {
    private final Map<String, String> environment;

    @Option(
            names = "--source",
            paramLabel = "URL",
            order = 1,
            description =
                    "The source: postgresql://user:password@host:port/database, or mysql://. Taken from GODWIT_SOURCE if not given.")
    private String source;

    @Option(
            names = "--target",
            paramLabel = "URL",
            order = 2,
            description = "The target, PostgreSQL or CockroachDB. Taken from GODWIT_TARGET if not given.")
    private String target;

    ConnectionOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    DatabaseUrl sourceUrl() {
        return url("--source", source, "GODWIT_SOURCE");
    }

    DatabaseUrl targetUrl() {
        return url("--target", target, "GODWIT_TARGET");
    }

    /** Both, connected to. */
    record Both(Database source, Database target) {}

    /** @throws RefusedException if one is not given, or cannot be connected to */
    Both connect() {
        DatabaseUrl sourceUrl = sourceUrl();
        DatabaseUrl targetUrl = targetUrl();
        return new Both(Database.connect("source", sourceUrl), Database.connect("target", targetUrl));
    }

    private DatabaseUrl url(String option, String given, String variable) {
        String text = given != null ? given : environment.get(variable);
        if (text == null || text.isBlank()) {
            throw new RefusedException(
                    "no " + option.substring(2) + " is given", "give " + option + " or set " + variable);
        }
        return DatabaseUrl.parse(given != null ? option : variable, text);
    }
}
