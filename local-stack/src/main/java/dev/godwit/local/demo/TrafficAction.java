package dev.godwit.local.demo;

import java.sql.SQLException;

/** What an application transaction does. Stateless: it may run again after a rollback, and then chooses anew. */
interface TrafficAction {

    void run(TrafficTransaction transaction) throws SQLException;

    /** @param weight how often, compared with the others */
    record Weighted(String kind, int weight, TrafficAction action) {}
}
