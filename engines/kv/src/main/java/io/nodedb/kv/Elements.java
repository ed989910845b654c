package io.nodedb.kv;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one key's hash, set or sorted set, as one command sees and changes them. A packed
 * value is read whole; of a structure only what is asked for. Changes are kept aside until {@link
 * #finish} appends their effects.
 *
 * <p>{@link #find}, {@link #next} and {@link #pick} set the present element, which the methods
 * below them tell about. Walking over a structure shows it as it was before the changes.
 */
@CoreOwned
final class Elements {
    /** Random places that are tried before a structure is looked through in a row. */
    private static final int TRIES = 256;

    /**
     * A random number below this chooses an element of a bucket, so that fuller ones do not lose.
     */
    private static final int BUCKET_CHOICES = 16;

    private static final byte[] NOTHING = {};

    private final ElementRecords records = new ElementRecords();
    private final PackedElements packedReader = new PackedElements();
    private final ElementEffects effects = new ElementEffects();
    private final HashOrder order = new HashOrder();
    private @Nullable CommandRun run;
    private @Nullable Structure structure;
    private ValueType type = ValueType.HASH;
    private byte[] key = NOTHING;
    private int keyFrom;
    private int keyLength;
    private long root;
    private boolean replaces;

    /** When a replaced key expires; 0 for never. */
    private long replacedExpiry;

    private boolean isChanged;
    private long count;
    private byte[] packed = NOTHING;

    private byte[] elementKey = new byte[64];
    private int elementKeyLength;
    private long presentVersion;
    private int presentRecord;
    private byte[] scratch = new byte[64];

    private long walkHash;
    private long nextHash;
    private int walkAt;
    private int walkCount;
    private boolean walkEnds;

    /** Begins with the key that an argument names; false when it holds another type. */
    boolean open(CommandRun newRun, int argument, ValueType ofType) {
        begin(newRun, argument, ofType);
        root = newRun.find(key, keyFrom, keyLength);
        if (newRun.isOther(ofType, root)) {
            return false;
        }
        if (root != 0) {
            load(newRun);
        }
        return true;
    }

    /** Begins with what a live version of any key holds, only to read it. */
    void openVersion(CommandRun newRun, long version, ValueType ofType) {
        begin(newRun, 0, ofType);
        root = version;
        load(newRun);
    }

    private void load(CommandRun newRun) {
        EntryStore entries = newRun.entries();
        if (ValueForm.isIndexed(entries.form(root))) {
            structure = newRun.table.structures().of(root);
            count = StructureHead.count(entries, root);
        } else {
            unpack(entries);
        }
    }

    /** As the other, with a set or a sorted set; false when the key holds neither. */
    boolean openScored(CommandRun newRun, int argument) {
        long present = newRun.find(argument);
        boolean isSet = present != 0 && newRun.table.typeOf(present) == ValueType.SET;
        return open(newRun, argument, isSet ? ValueType.SET : ValueType.SORTED_SET);
    }

    /** Begins with no elements for a key that an argument names, whatever it holds. */
    void openReplacing(CommandRun newRun, int argument, ValueType ofType) {
        begin(newRun, argument, ofType);
        root = newRun.find(key, keyFrom, keyLength);
        replaces = true;
        isChanged = true;
    }

    /** A key that is replaced will expire. */
    void expireReplacedAt(long millis) {
        replacedExpiry = millis;
    }

    private void begin(CommandRun newRun, int argument, ValueType ofType) {
        run = newRun;
        type = ofType;
        key = newRun.arguments.bytes();
        keyFrom = newRun.arguments.offset(argument);
        keyLength = newRun.arguments.length(argument);
        structure = null;
        records.clear();
        root = 0;
        count = 0;
        replaces = false;
        replacedExpiry = 0;
        isChanged = false;
        presentVersion = 0;
        presentRecord = ElementRecords.NONE;
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
            int elementLength = packedReader.readLength(packed, at);
            at = packedReader.next();
            int valueLength = type == ValueType.SORTED_SET ? Double.BYTES : 0;
            if (type == ValueType.HASH) {
                valueLength = packedReader.readLength(packed, at);
                at = packedReader.next();
            }
            int record = records.add(packed, at, elementLength, ElementRecords.KEPT);
            at += elementLength;
            records.setValue(record, packed, at, valueLength, 0);
            at += valueLength;
        }
    }

    /** The key was there when the command began. */
    boolean exists() {
        return root != 0;
    }

    /** The key's live version when the command began; 0 when it was absent. */
    long root() {
        return root;
    }

    /** Elements, expired ones included until they are deleted. */
    long count() {
        return count;
    }

    /** The structure, when the value is indexed. */
    @Nullable Structure structure() {
        return structure;
    }

    /** Looks for an element that an argument names. */
    boolean find(int argument) {
        CommandRun now = running();
        return find(
                now.arguments.bytes(),
                now.arguments.offset(argument),
                now.arguments.length(argument));
    }

    /** Looks for an element. */
    boolean find(byte[] element, int from, int length) {
        presentVersion = 0;
        presentRecord = records.find(element, from, length);
        if (presentRecord != ElementRecords.NONE) {
            return records.state[presentRecord] != ElementRecords.REMOVED;
        }
        long version = visible(head(element, from, length));
        if (version == 0 || !isLive(version)) {
            return false;
        }
        presentVersion = version;
        return true;
    }

    /** An element gets a value; the arrays must stay as they are until {@link #finish}. */
    void put(
            byte[] element,
            int from,
            int length,
            byte[] value,
            int valueFrom,
            int valueLength,
            long expireAt) {
        int record = touch(element, from, length);
        if (record == ElementRecords.NONE) {
            record = records.add(element, from, length, ElementRecords.PUT);
            count++;
        } else if (records.state[record] == ElementRecords.REMOVED) {
            count++;
        }
        records.state[record] = ElementRecords.PUT;
        records.setValue(record, value, valueFrom, valueLength, expireAt);
        isChanged = true;
    }

    /** An element goes, if it is there. */
    void remove(byte[] element, int from, int length) {
        int record = touch(element, from, length);
        if (record != ElementRecords.NONE && records.state[record] != ElementRecords.REMOVED) {
            records.state[record] = ElementRecords.REMOVED;
            count--;
            isChanged = true;
        }
    }

    /** The record of an element, made when the structure has it; otherwise NONE. */
    private int touch(byte[] element, int from, int length) {
        int record = records.find(element, from, length);
        if (record != ElementRecords.NONE || structure == null) {
            return record;
        }
        long head = head(element, from, length);
        if (head == 0 || running().entries().has(head, EntryStore.DELETED)) {
            return ElementRecords.NONE;
        }
        record = records.add(element, from, length, ElementRecords.KEPT);
        records.versions[record] = head;
        return record;
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
            for (int i = 0; i < records.count(); i++) {
                appendChange(target, present, i);
            }
            putRoot(target, present.id, expireAt);
        } else if (fitsPacked()) {
            putPacked(target, expireAt);
        } else {
            long id = now.table.structures().drawId();
            for (int i = 0; i < records.count(); i++) {
                if (records.state[i] != ElementRecords.REMOVED) {
                    appendPut(target, id, i, 0);
                }
            }
            putRoot(target, id, expireAt);
        }
    }

    private void appendChange(Effects target, Structure present, int record) {
        long version = records.versions[record];
        if (records.state[record] == ElementRecords.PUT) {
            appendPut(target, present.id, record, version != 0 && isLive(version) ? version : 0);
        } else if (records.state[record] == ElementRecords.REMOVED && version != 0) {
            KvEffects.delete(target, present.table, 0, version);
        }
    }

    private void appendPut(Effects target, long id, int record, long prior) {
        effects.put(
                target,
                running().table,
                type,
                id,
                records.keys[record],
                records.keyFrom[record],
                records.keyLength[record],
                records.values[record],
                records.valueFrom[record],
                records.valueLength[record],
                records.expireAt[record],
                prior);
    }

    private void putRoot(Effects target, long id, long expireAt) {
        ElementEffects.putRoot(
                target, running().table, type, key, keyFrom, keyLength, id, count, expireAt, root);
    }

    private boolean fitsPacked() {
        if (count > PackedElements.MAX_ELEMENTS) {
            return false;
        }
        return packedBytes() <= PackedElements.MAX_BYTES;
    }

    /** Bytes of the packed value, or more than allowed when it can't be packed. */
    private long packedBytes() {
        long bytes = PackedElements.HEADER_BYTES;
        for (int i = 0; i < records.count(); i++) {
            if (records.state[i] != ElementRecords.REMOVED) {
                bytes += PackedElements.bytes(type, records.keyLength[i], records.valueLength[i]);
                if (records.expireAt[i] != 0) {
                    return Long.MAX_VALUE;
                }
            }
        }
        return bytes;
    }

    private void putPacked(Effects target, long expireAt) {
        KvEffects.put(
                target,
                running().table,
                ValueForm.packed(type),
                key,
                keyFrom,
                keyLength,
                (int) packedBytes(),
                expireAt,
                root);
        byte[] bytes = target.bytes();
        int at = target.valueOffset();
        LittleEndian.putShort(bytes, at, (int) count);
        at += PackedElements.HEADER_BYTES;
        int[] sorted = type == ValueType.SORTED_SET ? ScoredRecords.sorted(records) : new int[0];
        int all = type == ValueType.SORTED_SET ? sorted.length : records.count();
        for (int i = 0; i < all; i++) {
            int record = type == ValueType.SORTED_SET ? sorted[i] : i;
            if (records.state[record] != ElementRecords.REMOVED) {
                at =
                        PackedElements.write(
                                type,
                                bytes,
                                at,
                                records.keys[record],
                                records.keyFrom[record],
                                records.keyLength[record],
                                records.values[record],
                                records.valueFrom[record],
                                records.valueLength[record]);
                if (type == ValueType.SORTED_SET) {
                    dropSignOfZero(bytes, at - Double.BYTES);
                }
            }
        }
    }

    /** As Redis: its small form keeps whole scores as integers, which know one zero. */
    private static void dropSignOfZero(byte[] packed, int at) {
        if (LittleEndian.getLong(packed, at) == Long.MIN_VALUE) {
            LittleEndian.putLong(packed, at, 0);
        }
    }

    /** Walks from the start. */
    void rewind() {
        rewind(0);
    }

    /** Walks over a structure from a hash on; a packed value is always walked whole. */
    void rewind(long fromHash) {
        walkAt = 0;
        walkHash = fromHash;
        walkEnds = false;
        walkCount = 0;
        if (structure != null) {
            readBucket();
        }
    }

    private void readBucket() {
        Structure present = structure;
        if (present != null) {
            order.read(present.table, walkHash);
            walkCount = order.count();
            walkAt = 0;
            nextHash = present.table.index.nextBucketHash(walkHash);
        }
    }

    /** Goes to the next element; false at the end. */
    boolean next() {
        if (structure == null) {
            while (walkAt < records.count()) {
                presentRecord = walkAt++;
                if (records.state[presentRecord] != ElementRecords.REMOVED) {
                    return true;
                }
            }
            return false;
        }
        while (true) {
            while (walkAt < walkCount) {
                if (nextInBucket()) {
                    return true;
                }
            }
            if (nextHash == 0) {
                walkEnds = true;
                return false;
            }
            walkHash = nextHash;
            readBucket();
        }
    }

    private boolean nextInBucket() {
        long version = visible(order.head(walkAt++));
        if (version == 0 || !isLive(version)) {
            return false;
        }
        presentVersion = version;
        presentRecord = ElementRecords.NONE;
        return true;
    }

    /** The present element is the last of its bucket: {@link #resumeHash} begins with the next. */
    boolean atBucketEnd() {
        return structure != null && walkAt == walkCount;
    }

    /** Where to go on after a bucket's end; 0 when all was walked over. */
    long resumeHash() {
        return walkEnds ? 0 : nextHash;
    }

    /** Chooses an element, each as likely as the others; false when there is none. */
    boolean pick(SplittableRandom random) {
        Structure present = structure;
        if (present == null) {
            if (count == 0) {
                return false;
            }
            presentVersion = 0;
            do {
                presentRecord = random.nextInt(records.count());
            } while (records.state[presentRecord] == ElementRecords.REMOVED);
            return true;
        }
        for (int i = 0; i < TRIES; i++) {
            int found = present.table.index.collect(random.nextLong());
            int choice = random.nextInt(Math.max(BUCKET_CHOICES, found));
            if (choice < found) {
                long version = visible(present.table.index.collected(choice));
                if (version != 0 && isLive(version)) {
                    presentVersion = version;
                    presentRecord = ElementRecords.NONE;
                    return true;
                }
            }
        }
        rewind(random.nextLong());
        if (next()) {
            return true;
        }
        rewind();
        return next();
    }

    /** The present element's key: in this array, from {@link #elementFrom}. */
    byte[] element() {
        if (presentRecord != ElementRecords.NONE) {
            return records.keys[presentRecord];
        }
        EntryStore entries = running().entries();
        int length = elementLength();
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, 2 * scratch.length)];
        }
        entries.copyKey(presentVersion, ValueForm.ID_BYTES, scratch, 0, length);
        return scratch;
    }

    int elementFrom() {
        return presentRecord != ElementRecords.NONE ? records.keyFrom[presentRecord] : 0;
    }

    int elementLength() {
        return presentRecord != ElementRecords.NONE
                ? records.keyLength[presentRecord]
                : running().entries().keyLength(presentVersion) - ValueForm.ID_BYTES;
    }

    int valueLength() {
        return presentRecord != ElementRecords.NONE
                ? records.valueLength[presentRecord]
                : running().entries().valueLength(presentVersion);
    }

    void copyValue(byte[] target, int at) {
        if (presentRecord != ElementRecords.NONE) {
            System.arraycopy(
                    records.values[presentRecord],
                    records.valueFrom[presentRecord],
                    target,
                    at,
                    records.valueLength[presentRecord]);
        } else {
            running().entries().copyValue(presentVersion, target, at);
        }
    }

    /** Milliseconds since 1970; 0 when the element does not expire. */
    long expireAt() {
        return presentRecord != ElementRecords.NONE
                ? records.expireAt[presentRecord]
                : running().entries().expireAt(presentVersion);
    }

    /** Values are scores. */
    boolean isScored() {
        return type == ValueType.SORTED_SET;
    }

    /** The score of an element of a sorted set; those of a set have 1. */
    double score() {
        if (type == ValueType.SET) {
            return 1;
        }
        return presentRecord != ElementRecords.NONE
                ? Double.longBitsToDouble(
                        LittleEndian.getLong(
                                records.values[presentRecord], records.valueFrom[presentRecord]))
                : Double.longBitsToDouble(running().entries().valueLong(presentVersion, 0));
    }

    void answerElement(Reply reply) {
        int length = elementLength();
        if (presentRecord != ElementRecords.NONE) {
            reply.bulk(records.keys[presentRecord], records.keyFrom[presentRecord], length);
        } else {
            int at = reply.claimBulk(length);
            running()
                    .entries()
                    .copyKey(presentVersion, ValueForm.ID_BYTES, reply.bytes(), at, length);
        }
    }

    void answerValue(Reply reply) {
        int at = reply.claimBulk(valueLength());
        copyValue(reply.bytes(), at);
    }

    /** A copy of the present element's key. */
    byte[] copyElement() {
        int from = elementFrom();
        return Arrays.copyOfRange(element(), from, from + elementLength());
    }

    /** Makes a record the present element. */
    void presentRecord(int record) {
        presentRecord = record;
        presentVersion = 0;
    }

    /** Makes a version the present element. */
    void presentVersion(long version) {
        presentRecord = ElementRecords.NONE;
        presentVersion = version;
    }

    int presentRecord() {
        return presentRecord;
    }

    long presentVersion() {
        return presentVersion;
    }

    /** An element of a sorted set gets a score. */
    void putScore(byte[] element, int from, int length, double score) {
        byte[] value = new byte[Double.BYTES];
        LittleEndian.putLong(value, 0, Double.doubleToRawLongBits(score));
        put(element, from, length, value, 0, value.length, 0);
    }

    ElementRecords records() {
        return records;
    }

    private long head(byte[] element, int from, int length) {
        Structure present = structure;
        if (present == null || length > KvLimits.KEY_BYTES) {
            return 0;
        }
        elementKeyLength = ValueForm.ID_BYTES + length;
        if (elementKey.length < elementKeyLength) {
            elementKey = new byte[Math.max(elementKeyLength, 2 * elementKey.length)];
        }
        LittleEndian.putLong(elementKey, 0, present.id);
        System.arraycopy(element, from, elementKey, ValueForm.ID_BYTES, length);
        long hash = KeyHash.of(elementKey, 0, elementKeyLength);
        return present.table.find(hash, elementKey, 0, elementKeyLength);
    }

    private long visible(long head) {
        CommandRun now = running();
        long readLsn = now.readLsn();
        return readLsn == 0 ? head : now.entries().visibleAt(head, readLsn);
    }

    private boolean isLive(long version) {
        CommandRun now = running();
        return now.entries().isLive(version, now.nowMillis());
    }

    private CommandRun running() {
        CommandRun now = run;
        if (now == null) {
            throw new IllegalStateException("open() comes first");
        }
        return now;
    }
}
