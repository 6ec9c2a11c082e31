package dev.godwit.fetch.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.database.Database;
import dev.godwit.database.DatabaseUrl;
import dev.godwit.database.RefusedException;
import dev.godwit.fetch.state.TableToken;
import dev.godwit.fetch.state.Tokens;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit fetch tokens list}: a line for each table of a load that is not complete. */
@Command(
        name = "list",
        description =
                "Lists the continuation tokens: one for each table that a load has not completed, the newest loads first.")
final class TokensListCommand implements Callable<Integer> {
    private static final String[] HEAD = {"ID", "FETCH ID", "TABLE NAME", "FILE NAME", "MESSAGE"};

    private final Map<String, String> environment;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"--target", "--conn-string"},
            paramLabel = "URL",
            description = "The target. Taken from GODWIT_TARGET if not given.")
    private String target;

    @Option(
            names = {"-n", "--num-results"},
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "How many to show at most. Default: ${DEFAULT-VALUE}")
    private int most = 100;

    @Option(names = "--json", description = "Write a JSON object per line.")
    private boolean json;

    TokensListCommand() {
        this(System.getenv());
    }

    TokensListCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        String text = target != null ? target : environment.get("GODWIT_TARGET");
        if (text == null || text.isBlank()) {
            throw new RefusedException("no target is given", "give --target or set GODWIT_TARGET");
        }
        Database database =
                Database.connect("target", DatabaseUrl.parse(target != null ? "--target" : "GODWIT_TARGET", text));
        try {
            List<TableToken> all = Tokens.list(database);
            print(all.subList(0, Math.min(Math.max(0, most), all.size())));
            return 0;
        } catch (SQLException e) {
            throw new RefusedException(
                    "what the target remembers of loads cannot be read: " + e.getMessage(),
                    "mend the cause that the server names",
                    e);
        }
    }

    private void print(List<TableToken> tokens) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectMapper mapper = new ObjectMapper();
            tokens.forEach(token -> out.println(mapper.createObjectNode()
                    .put("id", token.token())
                    .put("fetch_id", token.fetchId())
                    .put("table_name", token.table().toString())
                    .put("file_name", token.file())
                    .put("message", token.message())));
        } else {
            table(tokens).forEach(out::println);
        }
        out.flush();
    }

    private static List<String> table(List<TableToken> tokens) {
        List<String[]> rows = new ArrayList<>();
        rows.add(HEAD);
        tokens.forEach(token -> rows.add(
                new String[] {token.token(), token.fetchId(), token.table().toString(), token.file(), token.message()
                }));
        int[] widths = new int[HEAD.length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
