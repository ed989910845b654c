package io.nodedb.bridge.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TenantSharesTest {
    @Test
    void countsAsAMapDoes() {
        String given = System.getProperty("nodedb.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        String replay = "replay with -Dnodedb.seed=" + seed;
        Random random = new Random(seed);
        int slots = 64;
        int limit = 8;
        TenantShares shares = new TenantShares(slots, limit);
        shares.admits(0, 0);
        shares.admits(1, 0);
        Map<Integer, Integer> model = new HashMap<>();
        List<Integer> held = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            if (held.size() < slots && random.nextInt(5) < 3) {
                // multiples of the table's size collide
                int tenant = random.nextInt(40) * (random.nextBoolean() ? 1 : 128);
                boolean admitted = shares.admits(tenant, held.size());
                assertThat(admitted).as(replay).isEqualTo(model.getOrDefault(tenant, 0) < limit);
                if (admitted) {
                    shares.take(tenant);
                    model.merge(tenant, 1, Integer::sum);
                    held.add(tenant);
                }
            } else if (!held.isEmpty()) {
                Integer tenant = held.remove(random.nextInt(held.size()));
                shares.giveBack(tenant);
                model.merge(tenant, -1, Integer::sum);
            }
            int probe = random.nextInt(40);
            assertThat(shares.held(probe)).as(replay).isEqualTo(model.getOrDefault(probe, 0));
        }
    }
}
