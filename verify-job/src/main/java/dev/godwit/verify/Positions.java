package dev.godwit.verify;

import dev.godwit.verify.live.ConsistentPoints;
import dev.godwit.verify.live.SourceClock;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the logs stood, for the report; what cannot be read is said, and no reason to fail. */
final class Positions {
    private Positions() {}

    static void add(ConnectionOptions.Both databases, String when, Map<String, String> facts) {
        facts.put("Source's log " + when, source(databases));
        facts.put("Consistent points " + when, target(databases));
    }

    private static String source(ConnectionOptions.Both databases) {
        try {
            return SourceClock.now(databases.source()).toString();
        } catch (SQLException e) {
            return "could not be read: " + e.getMessage();
        }
    }

    private static String target(ConnectionOptions.Both databases) {
        try {
            String points = ConsistentPoints.read(databases.target()).stream()
                    .map(point -> point.domain() + ": "
                            + point.position().map(Object::toString).orElse("nothing applied yet")
                            + point.committedAt()
                                    .map(time -> ", committed at " + time)
                                    .orElse(""))
                    .collect(Collectors.joining("\n"));
            return points.isEmpty() ? "none: nothing is replicated to the target" : points;
        } catch (SQLException e) {
            return "could not be read: " + e.getMessage();
        }
    }
}
