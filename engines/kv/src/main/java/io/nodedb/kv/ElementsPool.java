package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.ArrayList;
import java.util.List;

/** Elements of several keys at a time, for commands that combine them; reused. */
@CoreOwned
final class ElementsPool {
    /** Kept from one command to the next. */
    private static final int KEPT = 16;

    private final List<Elements> all = new ArrayList<>();

    Elements get(int number) {
        while (all.size() <= number) {
            all.add(new Elements());
        }
        return all.get(number);
    }

    /** Gives up what only a command on very many keys needs. */
    void trim() {
        while (all.size() > KEPT) {
            all.removeLast();
        }
    }
}
