package dev.godwit.phase.demo;

import dev.godwit.database.RefusedException;
import dev.godwit.local.StackSettings.Source;
import dev.godwit.local.StackSettings.Target;
import dev.godwit.local.demo.Region;
import java.util.List;

/**
 * What to show.
 *
 * @param source what the source is
 * @param target what plays the target database
 * @param rows in the source before traffic begins, over all tables and regions
 * @param trafficRate transactions per second, over all regions
 * @param phases regions to move, one after the other
 * @param keep leave everything running at the end
 * @param seed of data and traffic
 */
public record DemoSettings(
        Source source, Target target, int rows, double trafficRate, List<Region> phases, boolean keep, long seed) {
    public DemoSettings {
        phases = List.copyOf(phases);
        if (phases.isEmpty() || phases.stream().distinct().count() < phases.size()) {
            throw new RefusedException(
                    "--phases names " + (phases.isEmpty() ? "no region" : "a region twice"),
                    "name each region once: --phases eu,us-east");
        }
    }
}
