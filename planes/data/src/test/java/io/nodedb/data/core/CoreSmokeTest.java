package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import org.junit.jupiter.api.Test;

class CoreSmokeTest {
    @Test
    void writesAreReadAndSurviveARestart() {
        CoreHarness db = new CoreHarness(new HarnessOptions());
        Reply put = db.put("a", "1");
        db.settle();
        put.ok();
        assertThat(db.read("a")).isEqualTo("1");
        db.crash();
        db.open(1);
        assertThat(db.read("a")).isEqualTo("1");
    }
}
