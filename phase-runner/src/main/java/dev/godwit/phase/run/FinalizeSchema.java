package dev.godwit.phase.run;

import dev.godwit.database.RefusedException;
import dev.godwit.phase.log.Evidence;
import dev.godwit.phase.log.PhaseStep;
import dev.godwit.phase.log.StepRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Step 5. Each statement commits by itself. Its fingerprint is noted before it runs: if a later attempt then hears that the object exists, an
 * earlier one has made it. An object that somebody else has made by the same name may be another one, and is an error.
 */
final class FinalizeSchema extends Step {
    private static final String BEGUN = "statements_begun";
    /** Duplicate table or index, object (constraint), column, schema, function; a second primary key. */
    private static final Set<String> EXISTS = Set.of("42P07", "42710", "42701", "42P06", "42723", "42P16");

    FinalizeSchema(PhaseContext context) {
        super(context);
    }

    @Override
    PhaseStep id() {
        return PhaseStep.FINALIZE_SCHEMA;
    }

    @Override
    List<String> plan() {
        List<String> statements = statements();
        return statements.isEmpty()
                ? List.of("nothing: the phase file names no \"finalize\" files")
                : statements.stream()
                        .map(statement -> "run on the target: " + shortened(statement))
                        .toList();
    }

    @Override
    void check(StepRecord record) {
        for (Path file : context.file.finalizeFiles()) {
            if (SqlScript.read(file).isEmpty()) {
                throw new RefusedException(file + " holds no statement", "take it out of \"finalize\", or fill it");
            }
        }
    }

    private List<String> statements() {
        return context.file.finalizeFiles().stream()
                .flatMap(file -> SqlScript.read(file).stream())
                .toList();
    }

    @Override
    Evidence run(Attempt attempt) throws SQLException {
        Set<String> begun = new LinkedHashSet<>();
        attempt.evidence().entry(BEGUN).forEach(print -> begun.add(print.asText()));
        List<String> statements = statements();
        List<String> found = new ArrayList<>();
        try (Connection connection = context.target.open();
                Statement sql = connection.createStatement()) {
            for (String statement : statements) {
                boolean before = !begun.add(fingerprint(statement));
                attempt.note(BEGUN, begun);
                attempt.say(shortened(statement));
                if (execute(sql, statement)) {
                    continue;
                }
                if (!before) {
                    begun.remove(fingerprint(statement));
                    attempt.note(BEGUN, begun);
                    throw foreign(statement);
                }
                found.add(shortened(statement));
            }
        }
        return Evidence.of("statements", statements.size())
                .with("found_done", found)
                .with(BEGUN, begun);
    }

    /** @return false if what it makes exists already */
    private static boolean execute(Statement sql, String statement) {
        try {
            sql.execute(statement);
            return true;
        } catch (SQLException e) {
            if (!EXISTS.contains(String.valueOf(e.getSQLState()))) {
                throw new PhaseFailedException(
                        "this statement failed on the target: " + shortened(statement) + ": " + e.getMessage(),
                        "mend it in the file, or its cause on the target, and run the phase again; it goes on here",
                        e);
            }
            return false;
        }
    }

    private static PhaseFailedException foreign(String statement) {
        return new PhaseFailedException(
                "somebody else has made what this statement should make: " + shortened(statement),
                "if it is the same, write the statement with IF NOT EXISTS or take it out of the file; else drop the object; then run"
                        + " the phase again");
    }

    private static String shortened(String statement) {
        String line = statement.replaceAll("\\s+", " ");
        return line.length() <= 100 ? line : line.substring(0, 97) + "...";
    }

    private static String fingerprint(String statement) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(statement.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
