package dev.godwit.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * What a measured process says to the one that measures it, and hears from it: lines on its standard output and
 * input. When the input ends, the parent is gone, and so is the process.
 */
final class Parent {
    static final String PREFIX = "godwit-bench:";
    static final String READY = "ready";
    static final String FAILED = "failed";
    static final String GO = "go";
    static final String STOP = "stop";

    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    /** A contestant. */
    interface Work {
        /** Whatever is not measured. @return what the parent needs to know */
        String prepare(JsonNode settings) throws Exception;

        /** What is measured; may return before it is done. */
        void run() throws Exception;
    }

    /** The whole life of a measured process. */
    static void serve(Work work) {
        // Libraries that print must not disturb the conversation.
        System.setOut(System.err);
        Parent parent = new Parent();
        try {
            String ready = work.prepare(new ObjectMapper().readTree(parent.hear()));
            say(READY, ready);
            parent.expect(GO);
            work.run();
            parent.expect(STOP);
            finishRecording();
            Runtime.getRuntime().halt(0);
        } catch (Exception e) {
            e.printStackTrace();
            fail(e);
        }
    }

    /** Otherwise a flight recording would not get into its file, as the process ends without ceremony. */
    private static void finishRecording() {
        if (FlightRecorder.isInitialized()) {
            FlightRecorder.getFlightRecorder().getRecordings().forEach(Recording::stop);
        }
    }

    static void fail(Throwable failure) {
        say(FAILED, failure.toString().replace('\n', ' '));
        Runtime.getRuntime().halt(1);
    }

    private static void say(String word, String text) {
        OUT.println(PREFIX + word + " " + text);
    }

    private String hear() throws IOException {
        String line = in.readLine();
        if (line == null) {
            Runtime.getRuntime().halt(1);
        }
        return line;
    }

    private void expect(String word) throws IOException {
        String heard = hear();
        if (!heard.equals(word)) {
            throw new IllegalStateException("heard \"" + heard + "\" instead of \"" + word + "\"");
        }
    }
}
