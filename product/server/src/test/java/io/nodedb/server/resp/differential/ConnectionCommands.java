package io.nodedb.server.resp.differential;

import static io.nodedb.server.resp.differential.CommandTable.words;

/** How arguments of commands that name no key are drawn. */
final class ConnectionCommands {
    private ConnectionCommands() {}

    static void addTo(CommandTable table, Draw draw) {
        table.add(1, "PING", () -> words(draw.times(draw.below(3), draw::value)));
        table.add(1, "ECHO", () -> words(draw.value()));
        table.add(
                1,
                "SELECT",
                () -> words(draw.oneOf("0", "0", "1", "-1", "5000000", "99999999999")));
        table.add(1, "WAIT", () -> words(draw.oneOf("0", "-1", "abc"), draw.oneOf("1", "-1", "x")));
        table.add(1, "PUBLISH", () -> words(draw.key(), draw.value()));
        table.add(1, "PUBSUB NUMSUB", () -> words(draw.several(draw::key)));
        table.add(1, "PUBSUB CHANNELS", () -> words(draw.maybe(2, () -> words(draw.value()))));
        table.add(1, "PUBSUB NUMPAT", () -> words());
        table.add(1, "ROLE", () -> words());
        table.add(1, "AUTH", () -> words(draw.times(1 + draw.below(3), draw::fewMember)));
    }
}
