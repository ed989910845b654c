package io.nodedb.server.resp.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Gives the commands of transactions to both servers. The replies of an {@code EXEC} are compared
 * one by one, each within the {@link Leeway} of its command. One thread.
 */
final class TransactionPair {
    private static final RespValue QUEUED = new RespValue.Simple("QUEUED");

    private final ServerPair pair;
    private final List<Words> queued = new ArrayList<>();

    TransactionPair(ServerPair pair) {
        this.pair = pair;
    }

    void run(Words command) {
        RespValue expected = pair.redis().call(command);
        RespValue actual = pair.tested().call(command);
        String name = command.words().getFirst().toUpperCase(Locale.ROOT);
        if (name.equals("EXEC") && expected.elements().size() == queued.size()) {
            assertSameReplies(expected, actual);
        } else {
            pair.assertSame(command, expected, actual);
        }
        if (expected.equals(QUEUED)) {
            queued.add(command);
        } else if (name.equals("EXEC") || name.equals("DISCARD")) {
            queued.clear();
        }
    }

    private void assertSameReplies(RespValue expected, RespValue actual) {
        assertThat(actual.elements())
                .as("EXEC: Redis answers\n  %s\nand the tested server\n  %s", expected, actual)
                .hasSameSizeAs(expected.elements());
        assertThat(actual.getClass()).isEqualTo(expected.getClass());
        for (int i = 0; i < queued.size(); i++) {
            pair.assertSame(queued.get(i), expected.elements().get(i), actual.elements().get(i));
        }
    }
}
