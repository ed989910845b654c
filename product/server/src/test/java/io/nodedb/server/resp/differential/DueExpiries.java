package io.nodedb.server.resp.differential;

import io.nodedb.server.resp.probe.RespConnection;
import io.nodedb.server.resp.probe.RespValue;
import io.nodedb.server.resp.probe.Words;
import java.util.List;

/**
 * Lets a key's time come on two servers whose clocks can't be set: the key gets a millisecond to
 * live on both, and the next command is given when both say that it is gone. So no command meets a
 * key that has expired on one only, and what expired keys leave behind is compared.
 */
final class DueExpiries {
    /** Far more questions than fit the millisecond; then a server keeps what is due. */
    private static final int MOST_QUESTIONS = 1_000_000;

    private DueExpiries() {}

    /** The ways in which a key comes due in a millisecond. */
    static Words draw(Draw draw) {
        String key = draw.key();
        List<String> words =
                switch (draw.below(4)) {
                    case 0 -> List.of("PSETEX", key, "1", draw.value());
                    case 1 -> List.of("SET", key, draw.value(), "PX", "1");
                    case 2 -> List.of("GETEX", key, "PX", "1");
                    default -> List.of("PEXPIRE", key, "1");
                };
        return new Words(words);
    }

    static void run(ServerPair pair, Words command) {
        pair.run(command);
        if (command.words().getFirst().equals("GETEX") && holdsNoString(pair, command)) {
            return; // it was refused
        }
        Words question = Words.of("EXISTS", command.words().get(1));
        awaitGone(pair.redis(), question);
        awaitGone(pair.tested(), question);
    }

    private static boolean holdsNoString(ServerPair pair, Words command) {
        String type = pair.redis().call("TYPE", command.words().get(1)).asText();
        return !type.equals("string") && !type.equals("none");
    }

    private static void awaitGone(RespConnection server, Words question) {
        for (int i = 0; i < MOST_QUESTIONS; i++) {
            if (server.call(question).equals(new RespValue.Int(0))) {
                return;
            }
        }
        throw new AssertionError("still there, though due: " + question);
    }
}
