package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one key's list, as one command sees and changes them. A packed value is read
 * whole and changed in place; of a structure only what is asked for is read, and changes are kept
 * aside: reading shows it as it was before them. {@link #finish} appends the effects.
 */
@CoreOwned
final class ListElements {
    private static final byte[] NOTHING = {};

    /** Values as they lie in a packed list, or that replace a structure. */
    private final ListRecords records = new ListRecords();

    private final PackedElements packedReader = new PackedElements();
    private final ListChanges changes = new ListChanges();
    private final ElementEffects effects = new ElementEffects();
    private @Nullable CommandRun run;
    private @Nullable Structure structure;
    private @Nullable OrderedView view;
    private byte[] key = NOTHING;
    private int keyFrom;
    private int keyLength;
    private long root;
    private long count;
    private boolean isChanged;
    private boolean replaces;

    /** When a replaced key expires; 0 for never. */
    private long replacedExpiry;

    private byte[] packed = NOTHING;
    private long firstPosition;
    private long lastPosition;

    /** Begins with the key that an argument names; false when it holds another type. */
    boolean open(CommandRun newRun, int argument) {
        begin(newRun, argument);
        root = newRun.find(key, keyFrom, keyLength);
        if (newRun.isOther(ValueType.LIST, root)) {
            return false;
        }
        if (root != 0) {
            load(newRun);
        }
        return true;
    }

    /** Begins with what a live version of any key holds, only to read it. */
    void openVersion(CommandRun newRun, long version) {
        begin(newRun, 0);
        root = version;
        load(newRun);
    }

    /** Begins with no elements for a key that an argument names, whatever it holds. */
    void openReplacing(CommandRun newRun, int argument) {
        begin(newRun, argument);
        root = newRun.find(key, keyFrom, keyLength);
        replaces = true;
    }

    /** A key that is replaced will expire. */
    void expireReplacedAt(long millis) {
        replacedExpiry = millis;
    }

    private void begin(CommandRun newRun, int argument) {
        run = newRun;
        key = newRun.arguments.bytes();
        keyFrom = newRun.arguments.offset(argument);
        keyLength = newRun.arguments.length(argument);
        structure = null;
        view = null;
        records.clear();
        changes.clear();
        count = 0;
        isChanged = false;
        replaces = false;
        replacedExpiry = 0;
    }

    private void load(CommandRun newRun) {
        EntryStore entries = newRun.entries();
        if (ValueForm.isIndexed(entries.form(root))) {
            openStructure(newRun, newRun.table.structures().of(root));
        } else {
            unpack(entries);
        }
    }

    private void openStructure(CommandRun newRun, Structure present) {
        EntryStore entries = newRun.entries();
        OrderedView opened = OrderedView.of(present, newRun);
        count = opened.size();
        firstPosition = ListPosition.of(entries, opened.version(0));
        lastPosition = ListPosition.of(entries, opened.version(count - 1));
        if (firstPosition >= -ListPosition.LIMIT && lastPosition <= ListPosition.LIMIT) {
            structure = present;
            view = opened;
            return;
        }
        // There is no more room at an end: what is written replaces the structure.
        for (int i = 0; i < count; i++) {
            long version = opened.version(i);
            byte[] value = new byte[entries.valueLength(version)];
            entries.copyValue(version, value, 0);
            records.insert(i, value, 0, value.length);
        }
    }

    private void unpack(EntryStore entries) {
        int length = entries.valueLength(root);
        if (packed.length < length) {
            packed = new byte[Math.max(length, PackedElements.MAX_BYTES)];
        }
        entries.copyValue(root, packed, 0);
        count = PackedElements.count(packed);
        int at = PackedElements.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            int valueLength = packedReader.readLength(packed, at);
            at = packedReader.next();
            records.insert(i, packed, at, valueLength);
            at += valueLength;
        }
    }

    boolean exists() {
        return root != 0;
    }

    /** Removing an element at once moves those behind it. */
    boolean isPacked() {
        return view == null;
    }

    /** Elements, with the changes. */
    long count() {
        return count;
    }

    void pushFirst(byte[] value, int from, int length) {
        if (structure == null) {
            records.insert(0, value, from, length);
        } else {
            firstPosition -= ListPosition.GAP;
            changes.put(firstPosition, value, from, length, 0);
        }
        changed(1);
    }

    void pushLast(byte[] value, int from, int length) {
        if (structure == null) {
            records.insert(records.count(), value, from, length);
        } else {
            lastPosition += ListPosition.GAP;
            changes.put(lastPosition, value, from, length, 0);
        }
        changed(1);
    }

    void set(long index, byte[] value, int from, int length) {
        OrderedView present = view;
        if (present == null) {
            records.set((int) index, value, from, length);
        } else {
            long version = present.version(index);
            changes.put(
                    ListPosition.of(running().entries(), version), value, from, length, version);
        }
        changed(0);
    }

    /** Takes out what stands from one index to before another. */
    void remove(long from, long to) {
        OrderedView present = view;
        if (present == null) {
            records.remove((int) from, (int) to);
        } else {
            for (long i = from; i < to; i++) {
                changes.remove(present.version(i));
            }
        }
        changed(from - to);
    }

    /** Puts a value before the element of an index, which is not the first. */
    void insert(long index, byte[] value, int from, int length) {
        OrderedView present = view;
        if (present == null) {
            records.insert((int) index, value, from, length);
        } else {
            EntryStore entries = running().entries();
            long left = ListPosition.of(entries, present.version(index - 1));
            long right = ListPosition.of(entries, present.version(index));
            if (right - left > 1) {
                changes.put(left + (right - left) / 2, value, from, length, 0);
            } else {
                makeRoom(entries, present, index, value, from, length);
            }
        }
        changed(1);
    }

    /** Moves neighbours of an index apart, as many as it takes, and puts a value between them. */
    private void makeRoom(
            EntryStore entries,
            OrderedView present,
            long index,
            byte[] value,
            int valueFrom,
            int valueLength) {
        long reach = 1;
        long from;
        long to;
        long left;
        long distance;
        do {
            reach *= 2;
            from = Math.max(0, index - reach);
            to = Math.min(present.size(), index + reach);
            long outside = ListPosition.GAP * (to - from + 1);
            left =
                    from == 0
                            ? firstPosition - outside
                            : ListPosition.of(entries, present.version(from - 1));
            long right =
                    to == present.size()
                            ? lastPosition + outside
                            : ListPosition.of(entries, present.version(to));
            distance = (right - left) / (to - from + 2);
        } while (distance < ListPosition.ROOM);
        long position = left;
        for (long i = from; i < to; i++) {
            changes.remove(present.version(i));
        }
        for (long i = from; i < to; i++) {
            if (i == index) {
                position += distance;
                changes.put(position, value, valueFrom, valueLength, 0);
            }
            position += distance;
            long version = present.version(i);
            byte[] moved = new byte[entries.valueLength(version)];
            entries.copyValue(version, moved, 0);
            changes.put(position, moved, 0, moved.length, 0);
        }
    }

    private void changed(long more) {
        count += more;
        isChanged = true;
    }

    /** Appends the effects of all changes. */
    void finish() {
        if (!isChanged) {
            return;
        }
        CommandRun now = running();
        Effects target = now.context.effects();
        if (count == 0) {
            if (root != 0) {
                now.delete(root);
            }
            return;
        }
        long expireAt = replaces || root == 0 ? replacedExpiry : now.entries().expireAt(root);
        Structure present = structure;
        if (present != null) {
            changes.append(now, present, effects);
            putRoot(target, present.id, expireAt);
        } else if (count <= PackedElements.MAX_ELEMENTS
                && packedBytes() <= PackedElements.MAX_BYTES) {
            putPacked(target, expireAt);
        } else {
            long id = now.table.structures().drawId();
            byte[] position = new byte[ListPosition.BYTES];
            for (int i = 0; i < records.count(); i++) {
                ListPosition.put(i * ListPosition.GAP, position, 0);
                effects.put(
                        target,
                        now.table,
                        ValueType.LIST,
                        id,
                        position,
                        0,
                        position.length,
                        records.value(i),
                        records.from(i),
                        records.length(i),
                        0,
                        0);
            }
            putRoot(target, id, expireAt);
        }
    }

    private void putRoot(Effects target, long id, long expireAt) {
        ElementEffects.putRoot(
                target,
                running().table,
                ValueType.LIST,
                key,
                keyFrom,
                keyLength,
                id,
                count,
                expireAt,
                root);
    }

    private long packedBytes() {
        long bytes = PackedElements.HEADER_BYTES;
        for (int i = 0; i < records.count(); i++) {
            bytes += PackedElements.bytes(ValueType.LIST, 0, records.length(i));
        }
        return bytes;
    }

    private void putPacked(Effects target, long expireAt) {
        KvEffects.put(
                target,
                running().table,
                ValueForm.packed(ValueType.LIST),
                key,
                keyFrom,
                keyLength,
                (int) packedBytes(),
                expireAt,
                root);
        byte[] bytes = target.bytes();
        int at = target.valueOffset();
        LittleEndian.putShort(bytes, at, records.count());
        at += PackedElements.HEADER_BYTES;
        for (int i = 0; i < records.count(); i++) {
            at =
                    PackedElements.write(
                            ValueType.LIST,
                            bytes,
                            at,
                            NOTHING,
                            0,
                            0,
                            records.value(i),
                            records.from(i),
                            records.length(i));
        }
    }

    int valueLength(long index) {
        OrderedView present = view;
        return present == null
                ? records.length((int) index)
                : running().entries().valueLength(present.version(index));
    }

    boolean valueEquals(long index, byte[] value, int from, int length) {
        OrderedView present = view;
        if (present != null) {
            return running().entries().valueEquals(present.version(index), value, from, length);
        }
        int at = records.from((int) index);
        return records.length((int) index) == length
                && Arrays.equals(
                        records.value((int) index), at, at + length, value, from, from + length);
    }

    /** A copy of a value. */
    byte[] copy(long index) {
        Check.that(index >= 0 && index < size(), "index of a list", size(), index);
        byte[] value = new byte[valueLength(index)];
        copyValue(index, value, 0);
        return value;
    }

    void answer(long index, Reply reply) {
        int at = reply.claimBulk(valueLength(index));
        copyValue(index, reply.bytes(), at);
    }

    /** Elements that can be read: those of a structure as they were before the changes. */
    long size() {
        OrderedView present = view;
        return present == null ? records.count() : present.size();
    }

    private void copyValue(long index, byte[] target, int at) {
        OrderedView present = view;
        if (present == null) {
            System.arraycopy(
                    records.value((int) index),
                    records.from((int) index),
                    target,
                    at,
                    records.length((int) index));
        } else {
            running().entries().copyValue(present.version(index), target, at);
        }
    }

    private CommandRun running() {
        CommandRun now = run;
        if (now == null) {
            throw new IllegalStateException("open() comes first");
        }
        return now;
    }
}
