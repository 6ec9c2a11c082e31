package dev.godwit.apply.live;

import static dev.godwit.apply.live.LivePhase.execute;
import static dev.godwit.apply.live.LivePhase.query;

import dev.godwit.database.Database;
import java.util.List;

/** Every version that a row of {@code s.item} has ever had on the target, where its name is the number of the version. */
final class VersionHistory {
    private VersionHistory() {}

    static void keep(Database target) {
        execute(target, "CREATE SCHEMA history");
        execute(target, "CREATE TABLE history.item (seen bigserial PRIMARY KEY, id int, name text)");
        execute(
                target,
                "CREATE FUNCTION history.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO history.item (id, name) VALUES (new.id, new.name); RETURN new; END $$");
        execute(
                target,
                "CREATE TRIGGER note AFTER INSERT OR UPDATE ON s.item FOR EACH ROW EXECUTE FUNCTION history.note()");
    }

    /** Where a row has gone back to an older version, or the same was written again. */
    static List<String> stepsBack(Database target) {
        return query(
                target,
                "SELECT id || ': ' || before || ' to ' || name FROM (SELECT id, name,"
                        + " lag(name) OVER (PARTITION BY id ORDER BY seen) AS before FROM history.item) AS steps"
                        + " WHERE name::int <= before::int");
    }
}
