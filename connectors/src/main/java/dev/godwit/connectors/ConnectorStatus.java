package dev.godwit.connectors;

import java.util.List;
import java.util.Optional;

/**
 * What Connect says of a connector.
 *
 * @param state in Connect's words: RUNNING, PAUSED, STOPPED, FAILED, UNASSIGNED, RESTARTING
 * @param reason why the connector itself failed, in words
 */
public record ConnectorStatus(String name, String state, Optional<String> reason, List<Task> tasks) {

    /**
     * @param state in Connect's words
     * @param reason why it failed, in words: no stack trace, no password
     */
    public record Task(int id, String state, Optional<String> reason) {}

    /** Whether the connector and at least one task run, and no task does anything else. */
    public boolean isRunning() {
        return state.equals("RUNNING")
                && !tasks.isEmpty()
                && tasks.stream().allMatch(task -> task.state().equals("RUNNING"));
    }

    /** The reason of the first failure, if anything failed. */
    public Optional<String> failure() {
        if (state.equals("FAILED")) {
            return Optional.of(reason.orElse("no reason given"));
        }
        return tasks.stream()
                .filter(task -> task.state().equals("FAILED"))
                .findFirst()
                .map(task -> task.reason().orElse("no reason given"));
    }
}
