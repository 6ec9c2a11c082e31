package dev.godwit.local.demo;

import java.sql.SQLException;

/** What an application transaction does. Stateless: it may run again after a rollback, and then chooses anew. */
interface TrafficAction {

    void run(TrafficTransaction transaction) throws SQLException;

    /**
     * An action with its name in {@code audit_log}.
     *
     * @param weight how often, compared with the others
     */
    record Weighted(String kind, int weight, TrafficAction action) {}
}
