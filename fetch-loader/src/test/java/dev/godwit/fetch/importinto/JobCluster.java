package dev.godwit.fetch.importinto;

import dev.godwit.fetch.importinto.WireServer.Answer;
import dev.godwit.fetch.importinto.WireServer.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What CockroachDB does with detached imports, as documented and recorded: the job comes into being when the transaction commits that holds the statement, answers with
 * {@code job_id} alone, and is then asked for by SHOW JOB. The ledger of the tests is written by statements of its own, and obeys transactions too.
 */
final class JobCluster implements AutoCloseable {
    private static final List<String> JOB_COLUMNS = List.of("status", "fraction_completed", "error");

    private final WireServer server = new WireServer(Session::new);
    private final List<String> statements = new ArrayList<>();
    private final Map<Long, Integer> looks = new TreeMap<>();
    private final Map<String, String> ledger = new TreeMap<>();
    private List<List<String>> states = List.of(List.of("succeeded", "1", ""));
    private Refusal refusal;
    private long lastJob = 800_000_000_000L;
    private int cutBefore = -1;
    private int cutAfter = -1;
    private int answered;

    JobCluster() throws IOException {}

    /** Each look at the job sees the next of these; the last stays. */
    synchronized JobCluster jobPasses(List<List<String>> next) {
        states = next;
        return this;
    }

    synchronized JobCluster refusesToShowJobs(String state, String message) {
        refusal = new Refusal(state, message);
        return this;
    }

    /** The connection ends when the statement of that number comes (from 0), which is not carried out. */
    synchronized JobCluster cutsBefore(int statement) {
        cutBefore = statement;
        return this;
    }

    /** The statement of that number is carried out, but nobody hears of it. */
    synchronized JobCluster cutsAfter(int statement) {
        cutAfter = statement;
        return this;
    }

    synchronized List<String> statements() {
        return List.copyOf(statements);
    }

    synchronized int statementsAnswered() {
        return answered;
    }

    /** Jobs that have come into being. */
    synchronized int jobs() {
        return looks.size();
    }

    synchronized Map<String, String> ledger() {
        return new TreeMap<>(ledger);
    }

    String jdbcUrl() {
        return server.jdbcUrl();
    }

    private final class Session implements WireServer.Session {
        private final List<Runnable> open = new ArrayList<>();
        private boolean inTransaction;

        @Override
        public Answer answer(String sql) throws Refusal, IOException {
            synchronized (JobCluster.this) {
                if (sql.startsWith("SET ")) {
                    return Answer.done("SET");
                }
                int number = answered++;
                if (number == cutBefore) {
                    throw new IOException("cut off");
                }
                statements.add(sql);
                Answer answer = carryOut(sql);
                if (number == cutAfter) {
                    throw new IOException("cut off");
                }
                return answer;
            }
        }

        private Answer carryOut(String sql) throws Refusal {
            if (sql.startsWith("BEGIN")) {
                inTransaction = true;
                return Answer.done("BEGIN");
            }
            if (sql.equals("COMMIT")) {
                open.forEach(Runnable::run);
                open.clear();
                inTransaction = false;
                return Answer.done("COMMIT");
            }
            if (sql.equals("ROLLBACK")) {
                open.clear();
                inTransaction = false;
                return Answer.done("ROLLBACK");
            }
            if (sql.startsWith("IMPORT INTO")) {
                long job = ++lastJob;
                change(() -> looks.put(job, 0));
                return Answer.rows(List.of("job_id"), List.of(List.of(Long.toString(job))));
            }
            if (sql.startsWith("SELECT status")) {
                return show(Long.parseLong(sql.replaceAll("\\D", "")));
            }
            return ledger(sql);
        }

        private Answer show(long job) throws Refusal {
            if (refusal != null) {
                throw refusal;
            }
            Integer seen = looks.get(job);
            if (seen == null) {
                return Answer.rows(JOB_COLUMNS, List.of());
            }
            looks.put(job, seen + 1);
            return Answer.rows(JOB_COLUMNS, List.of(states.get(Math.min(seen, states.size() - 1))));
        }

        private Answer ledger(String sql) throws Refusal {
            String[] words = sql.split(" ", 3);
            switch (words[0]) {
                case "ASK" -> {
                    String entry = ledger.getOrDefault(words[1], "");
                    return Answer.rows(List.of("job"), entry.matches("\\d+") ? List.of(List.of(entry)) : List.of());
                }
                case "BEGUN" -> {
                    if (ledger.containsKey(words[1])) {
                        throw new Refusal("23505", "a job is begun for " + words[1]);
                    }
                    change(() -> ledger.put(words[1], words[2]));
                }
                case "IMPORTED" -> change(() -> ledger.put(words[1], "imported"));
                case "TAKEN_BACK" -> change(() -> ledger.remove(words[1]));
                default -> throw new Refusal("42601", "syntax error: " + sql);
            }
            return Answer.done("INSERT 0 1");
        }

        private void change(Runnable change) {
            if (inTransaction) {
                open.add(change);
            } else {
                change.run();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
