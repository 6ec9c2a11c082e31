package dev.godwit.fetch.mysql;

import dev.godwit.fetch.mysql.KeeperTerms.Answer;
import dev.godwit.fetch.mysql.KeeperTerms.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a keeper is found.
 *
 * @param host the machine that it runs on; it listens there, and to nobody from elsewhere
 */
record KeeperProcess(String host, int port) {
    private static final Pattern NAME = Pattern.compile("mysql-keeper (\\S+) (\\d+)");

    /** As the target remembers it. */
    String name() {
        return "mysql-keeper " + host + " " + port;
    }

    /** Empty if the name is of something else. */
    static Optional<KeeperProcess> parse(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? Optional.of(new KeeperProcess(parts.group(1), Integer.parseInt(parts.group(2))))
                : Optional.empty();
    }

    /** Whether it runs on this machine. */
    boolean isHere() {
        return host.equals(thisHost());
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("\\s", "");
        } catch (UnknownHostException e) {
            return "this-machine";
        }
    }

    /** A keeper with its snapshot. */
    record Started(KeeperProcess process, String gtidSet) {}

    /** Starts a process that outlives this one: it does not hear the Ctrl-C that ends its parent. */
    static Started start(Order order) throws SQLException {
        try {
            Process process =
                    new ProcessBuilder(command()).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                KeeperTerms.JSON.writeValue(in, order);
            }
            return answer(process);
        } catch (IOException e) {
            throw new SQLException("the process that is to keep the snapshot could not be started: " + e, e);
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "trap '' HUP INT; exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Runtime.getRuntime().maxMemory(),
                "-XX:+UseSerialGC"));
        // What the driver may be told by them, such as where certificates are.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SnapshotKeeper.class.getName()));
        return command;
    }

    private static Started answer(Process process) throws IOException, SQLException {
        StringBuilder said = new StringBuilder();
        // Not closed: the keeper may still say something while it reads this.
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.startsWith(KeeperTerms.READY)) {
                said.append(line).append(' ');
                continue;
            }
            Answer answer = KeeperTerms.JSON.readValue(line.substring(KeeperTerms.READY.length()), Answer.class);
            if (answer.failure() != null) {
                throw new SQLException(answer.failure(), answer.sqlState());
            }
            return new Started(new KeeperProcess(thisHost(), answer.port()), answer.gtidSet());
        }
        throw new SQLException("the process that is to keep the snapshot ended before it had it: " + said);
    }
}
