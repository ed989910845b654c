package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.plan.kv.command.Arguments;

/** Copies a structure for another key: each element anew, under a number of its own. */
@CoreOwned
final class StructureCopy {
    private final ElementEffects effects = new ElementEffects();
    private final HashOrder order = new HashOrder();

    /**
     * The key of an argument gets the elements of a live version.
     *
     * @param prior the key's live version before, 0 when there is none
     */
    void copy(CommandRun run, long source, int argument, long prior) {
        KvTable table = run.table;
        EntryStore entries = table.entries;
        Structure from = table.structures().of(source);
        ExecutionContext context = run.context;
        long id = table.structures().drawId();
        long count = 0;
        long hash = 0;
        do {
            order.read(from.table, hash);
            for (int i = 0; i < order.count(); i++) {
                long version = order.head(i);
                if (!entries.isLive(version, context.nowMillis())) {
                    continue;
                }
                byte[] element = new byte[entries.keyLength(version) - ValueForm.ID_BYTES];
                entries.copyKey(version, ValueForm.ID_BYTES, element, 0, element.length);
                byte[] value = new byte[entries.valueLength(version)];
                entries.copyValue(version, value, 0);
                effects.put(
                        context.effects(),
                        table,
                        from.type,
                        id,
                        element,
                        0,
                        element.length,
                        value,
                        0,
                        value.length,
                        entries.expireAt(version),
                        0);
                count++;
            }
            hash = from.table.index.nextBucketHash(hash);
        } while (hash != 0);
        if (count == 0) {
            // All of it has expired: then there is nothing to copy.
            if (prior != 0) {
                run.delete(prior);
            }
            return;
        }
        Arguments arguments = run.arguments;
        ElementEffects.putRoot(
                context.effects(),
                table,
                from.type,
                arguments.bytes(),
                arguments.offset(argument),
                arguments.length(argument),
                id,
                count,
                entries.expireAt(source),
                prior);
    }
}
