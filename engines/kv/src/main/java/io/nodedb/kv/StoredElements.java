package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements of lists, sets, sorted sets and hashes for SORT. */
@CoreOwned
final class StoredElements implements ElementSource {
    private final Elements elements;
    private final ListElements list;
    private final SortedView view;

    StoredElements(Elements elements, ListElements list) {
        this.elements = elements;
        this.list = list;
        view = new SortedView(elements);
    }

    @Override
    public List<byte[]> elements(CommandRun run, long version) {
        List<byte[]> found = new ArrayList<>();
        ValueType type = run.table.typeOf(version);
        if (type == ValueType.LIST) {
            list.openVersion(run, version);
            for (long i = 0; i < list.size(); i++) {
                found.add(list.copy(i));
            }
            return found;
        }
        elements.openVersion(run, version, type);
        if (type == ValueType.SORTED_SET) {
            view.open(run);
            for (long i = 0; i < view.size(); i++) {
                view.present(i);
                found.add(elements.copyElement());
            }
            return found;
        }
        elements.rewind();
        while (elements.next()) {
            found.add(elements.copyElement());
        }
        return found;
    }

    @Override
    public byte @Nullable [] field(CommandRun run, long version, byte[] field) {
        if (run.table.typeOf(version) != ValueType.HASH) {
            return null;
        }
        elements.openVersion(run, version, ValueType.HASH);
        if (!elements.find(field, 0, field.length)) {
            return null;
        }
        byte[] value = new byte[elements.valueLength()];
        elements.copyValue(value, 0);
        return value;
    }

    @Override
    public void putList(CommandRun run, int argument, List<byte[]> values, long prior) {
        list.openReplacing(run, argument);
        for (byte[] value : values) {
            list.pushLast(value, 0, value.length);
        }
        list.finish();
    }
}
