package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which clients {@code CLIENT LIST} and {@code CLIENT KILL} are about: those that pass all filters,
 * or an error in what was asked. Belongs to the lane of the client that asks.
 */
@ControlPlane
final class ClientChoice {
    private static final int FIRST_FILTER = 2;
    private static final int OLD_KILL_WORDS = 3;

    private final RespConnection asking;
    private final CommandInput input;
    private final List<Predicate<RespConnection>> filters = new ArrayList<>();
    private boolean skipsAsking;
    private @Nullable String error;

    private ClientChoice(RespConnection asking, CommandInput input) {
        this.asking = asking;
        this.input = input;
    }

    /** {@code CLIENT LIST [TYPE type | ID id …]}. */
    static ClientChoice toList(RespConnection asking, CommandInput input) {
        ClientChoice choice = new ClientChoice(asking, input);
        boolean hasMore = input.count() > FIRST_FILTER + 1;
        if (input.count() == FIRST_FILTER + 2 && input.isWord(FIRST_FILTER, "TYPE")) {
            choice.addType(FIRST_FILTER + 1);
        } else if (hasMore && input.isWord(FIRST_FILTER, "ID")) {
            choice.addIds();
        } else if (input.count() > FIRST_FILTER) {
            choice.error = ErrorTexts.SYNTAX;
        }
        return choice;
    }

    /** {@code CLIENT KILL address}, or with filters by name. */
    static ClientChoice toKill(RespConnection asking, CommandInput input) {
        ClientChoice choice = new ClientChoice(asking, input);
        if (isOldKill(input)) {
            String address = input.text(FIRST_FILTER);
            choice.filters.add(each -> each.state().address().equals(address));
            return choice;
        }
        choice.skipsAsking = true;
        for (int i = FIRST_FILTER; i < input.count() && choice.error == null; i += 2) {
            if (i + 1 == input.count()) {
                choice.error = ErrorTexts.SYNTAX;
            } else {
                choice.addFilter(i);
            }
        }
        return choice;
    }

    /** One address only, and no count in the reply. */
    static boolean isOldKill(CommandInput input) {
        return input.count() == OLD_KILL_WORDS;
    }

    private void addFilter(int at) {
        String value = input.text(at + 1);
        switch (input.word(at)) {
            case "ID" -> addId(value);
            case "TYPE" -> addType(at + 1);
            case "ADDR" -> filters.add(each -> each.state().address().equals(value));
            case "LADDR" -> filters.add(each -> each.state().localAddress().equals(value));
            case "USER" -> {
                if (!value.equals(Passwords.USER)) {
                    error = "ERR No such user '" + input.raw(at + 1) + "'";
                }
            }
            case "SKIPME" -> {
                switch (input.word(at + 1)) {
                    case "YES" -> skipsAsking = true;
                    case "NO" -> skipsAsking = false;
                    default -> error = ErrorTexts.SYNTAX;
                }
            }
            default -> error = ErrorTexts.SYNTAX;
        }
    }

    private void addId(String text) {
        Long id = KeyspaceFamily.signed(text);
        if (id == null || id <= 0) {
            error = "ERR client-id should be greater than 0";
        } else {
            filters.add(each -> each.state().id() == id);
        }
    }

    /** There are no replicas, so none of those is ever found. */
    private void addType(int at) {
        switch (input.word(at)) {
            case "NORMAL" -> filters.add(each -> !each.state().isSubscribed());
            case "PUBSUB" -> filters.add(each -> each.state().isSubscribed());
            case "MASTER", "REPLICA", "SLAVE" -> filters.add(each -> false);
            default -> error = "ERR Unknown client type '" + input.raw(at) + "'";
        }
    }

    private void addIds() {
        List<Long> ids = new ArrayList<>();
        for (int i = FIRST_FILTER + 1; i < input.count(); i++) {
            Long id = KeyspaceFamily.signed(input.text(i));
            if (id == null) {
                error = "ERR Invalid client ID";
                return;
            }
            ids.add(id);
        }
        filters.add(each -> ids.contains(each.state().id()));
    }

    /** What is wrong with what was asked, or null. */
    @Nullable String error() {
        return error;
    }

    /** Those that are there now. */
    List<RespConnection> clients() {
        Stream<RespConnection> all = asking.server().clients().all().stream();
        return all.filter(each -> !skipsAsking || each != asking)
                .filter(each -> filters.stream().allMatch(filter -> filter.test(each)))
                .toList();
    }
}
