package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.ScanCursor;
import io.nodedb.server.resp.CommandEntry.Flag;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands about all keys of a database: every partition does its part. */
@Immutable
final class KeyspaceFamily {
    /** A partition's number in the low bits of a cursor; hashes of pages end in zeros there. */
    private static final int PARTITION_BITS = 10;

    private static final long PARTITION_MASK = (1L << PARTITION_BITS) - 1;
    private static final int KEYS_PER_PAGE = 4_096;
    private static final int DEFAULT_COUNT = 10;
    private static final int MOST_COUNT = 1 << 20;
    private static final byte[] NOTHING = {};

    /** The pattern of all keys. */
    private static final byte[] EVERY = {'*'};

    /** A type that no key has, as a client means with an empty one. */
    private static final byte[] OF_NO_KEY = {'-'};

    private KeyspaceFamily() {}

    static List<CommandEntry> commands() {
        return List.of(
                CommandEntry.local("dbsize", 1, KeyspaceFamily::dbSize, Flag.NOT_IN_MULTI),
                CommandEntry.local("randomkey", 1, KeyspaceFamily::randomKey, Flag.NOT_IN_MULTI),
                CommandEntry.local("scan", -2, KeyspaceFamily::scan, Flag.NOT_IN_MULTI),
                CommandEntry.local("keys", 2, KeyspaceFamily::keys, Flag.NOT_IN_MULTI),
                CommandEntry.local("flushdb", -1, KeyspaceFamily::flush, Flag.NOT_IN_MULTI),
                CommandEntry.local("flushall", -1, KeyspaceFamily::flushAll, Flag.NOT_IN_MULTI));
    }

    private static void dbSize(RespConnection connection, CommandInput input) {
        PendingReply reply = connection.append();
        int partitions = connection.lane().router().partitions();
        PartAnswer sum =
                new Part(connection, input, reply) {
                    private int left = partitions;
                    private long total;

                    @Override
                    Reply nothing() {
                        return zero();
                    }

                    @Override
                    public void answered(Reply part) {
                        total += new ReplyReader(part).integer();
                        if (--left == 0) {
                            Reply answer = connection.build();
                            answer.integer(total);
                            finish(answer);
                        }
                    }
                };
        for (int partition = 0; partition < partitions; partition++) {
            connection
                    .lane()
                    .parts()
                    .send(
                            partition,
                            connection.state().collection(),
                            Command.DBSIZE,
                            arguments -> {},
                            sum);
        }
    }

    /** Asks partitions from a random one on until one has a key. */
    private static void randomKey(RespConnection connection, CommandInput input) {
        PendingReply reply = connection.append();
        int partitions = connection.lane().router().partitions();
        int first = java.util.concurrent.ThreadLocalRandom.current().nextInt(partitions);
        new Part(connection, input, reply) {
            private int asked;

            @Override
            Reply nothing() {
                Reply none = new Reply();
                none.nil();
                return none;
            }

            void ask() {
                connection
                        .lane()
                        .parts()
                        .send(
                                (first + asked) % partitions,
                                collection,
                                Command.RANDOMKEY,
                                arguments -> {},
                                this);
                asked++;
            }

            @Override
            public void answered(Reply part) {
                if (new ReplyReader(part).tag() == Reply.NULL && asked < partitions) {
                    ask();
                } else {
                    finish(part);
                }
            }
        }.ask();
    }

    private static void scan(RespConnection connection, CommandInput input) {
        Long cursor = unsigned(input.text(1));
        if (cursor == null) {
            connection.replyError("ERR invalid cursor");
            return;
        }
        int count = DEFAULT_COUNT;
        byte[] pattern = EVERY;
        byte[] type = NOTHING;
        for (int i = 2; i < input.count(); i += 2) {
            if (i + 1 == input.count()) {
                connection.replyError(ErrorTexts.SYNTAX);
                return;
            }
            switch (input.word(i)) {
                case "COUNT" -> {
                    Long wanted = signed(input.text(i + 1));
                    if (wanted == null) {
                        connection.replyError(ErrorTexts.NOT_INTEGER);
                        return;
                    }
                    if (wanted < 1) {
                        connection.replyError(ErrorTexts.SYNTAX);
                        return;
                    }
                    count = (int) Math.min(wanted, MOST_COUNT);
                }
                case "MATCH" -> pattern = input.bytes(i + 1);
                case "TYPE" -> type = input.length(i + 1) == 0 ? OF_NO_KEY : input.bytes(i + 1);
                default -> {
                    connection.replyError(ErrorTexts.SYNTAX);
                    return;
                }
            }
        }
        int partition = (int) (cursor & PARTITION_MASK);
        if (partition >= connection.lane().router().partitions()) {
            // A cursor that no server gave: nothing is left of it.
            connection.reply(page(connection, 0, List.of()));
            return;
        }
        PendingReply reply = connection.append();
        page(
                connection,
                connection.state().collection(),
                partition,
                cursor & ~PARTITION_MASK,
                count,
                pattern,
                type,
                new ScanPart(connection, input, reply, partition));
    }

    private static void page(
            RespConnection connection,
            int collection,
            int partition,
            long hash,
            int count,
            byte[] pattern,
            byte[] type,
            PartAnswer answer) {
        connection
                .lane()
                .parts()
                .send(
                        partition,
                        collection,
                        Command.SCAN,
                        arguments -> {
                            arguments.add(ascii(Long.toUnsignedString(hash)));
                            arguments.add(ascii(Integer.toString(count)));
                            arguments.add(pattern);
                            arguments.add(type);
                        },
                        answer);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Reply page(RespConnection connection, long cursor, List<byte[]> keys) {
        Reply answer = connection.build();
        answer.array(2);
        answer.bulk(Long.toUnsignedString(cursor));
        answer.array(keys.size());
        keys.forEach(answer::bulk);
        return answer;
    }

    /** Keys of a page, and the hash at which the next one begins. */
    private static long read(Reply part, List<byte[]> keys) {
        ReplyReader reader = new ReplyReader(part);
        int elements = reader.array();
        for (int i = 1; i < elements; i++) {
            keys.add(reader.bulk());
        }
        return Long.parseUnsignedLong(new String(reader.bulk(), StandardCharsets.US_ASCII));
    }

    private static void keys(RespConnection connection, CommandInput input) {
        byte[] pattern = input.bytes(1);
        if (pattern.length == 0) {
            emptyKey(connection, input);
            return;
        }
        PendingReply reply = connection.append();
        new AllKeys(connection, input, reply, pattern).ask();
    }

    /** The keys that the empty pattern matches: the empty one, if it is there. */
    private static void emptyKey(RespConnection connection, CommandInput input) {
        PendingReply reply = connection.append();
        connection
                .lane()
                .parts()
                .send(
                        connection.lane().router().partitionOf(KeyHash.of(NOTHING)),
                        connection.state().collection(),
                        Command.EXISTS,
                        arguments -> arguments.add(NOTHING),
                        new Part(connection, input, reply) {
                            @Override
                            Reply nothing() {
                                return zero();
                            }

                            @Override
                            public void answered(Reply part) {
                                boolean there = new ReplyReader(part).integer() == 1;
                                Reply answer = connection.build();
                                answer.array(there ? 1 : 0);
                                if (there) {
                                    answer.bulk(NOTHING);
                                }
                                finish(answer);
                            }
                        });
    }

    private static void flush(RespConnection connection, CommandInput input) {
        if (flushOption(connection, input)) {
            connection.server().flusher().flush(connection, input, false);
        }
    }

    private static void flushAll(RespConnection connection, CommandInput input) {
        if (flushOption(connection, input)) {
            connection.server().flusher().flush(connection, input, true);
        }
    }

    private static boolean flushOption(RespConnection connection, CommandInput input) {
        boolean known =
                input.count() == 1
                        || (input.count() == 2
                                && (input.isWord(1, "SYNC") || input.isWord(1, "ASYNC")));
        if (!known) {
            connection.replyError(ErrorTexts.SYNTAX);
        }
        return known;
    }

    static @Nullable Long signed(String text) {
        try {
            long number = Long.parseLong(text);
            return Long.toString(number).equals(text) ? number : null;
        } catch (NumberFormatException notOne) {
            return null;
        }
    }

    private static @Nullable Long unsigned(String text) {
        try {
            return ScanCursor.parse(text);
        } catch (NumberFormatException notOne) {
            return null;
        }
    }

    /** A part of one client's reply. */
    private abstract static class Part implements PartAnswer {
        final RespConnection connection;
        final int collection;
        private final PendingReply reply;
        private final @Nullable SlowCommand timed;
        private boolean finished;

        Part(RespConnection connection, CommandInput input, PendingReply reply) {
            this.connection = connection;
            this.collection = connection.state().collection();
            this.reply = reply;
            this.timed = SlowCommand.begin(connection, input);
        }

        final void finish(Reply answer) {
            if (!finished) {
                finished = true;
                SlowCommand.end(timed);
                connection.answerUnlessGone(reply, answer);
            }
        }

        /** A partition that has no keys. */
        abstract Reply nothing();

        @Override
        public final void failed(ErrorCode code, @Nullable String message) {
            if (code == ErrorCode.NOT_FOUND && connection.lane().isReplaced(collection)) {
                // The database was emptied meanwhile.
                answered(nothing());
            } else {
                finish(ErrorTexts.reply(code, message));
            }
        }

        static Reply zero() {
            Reply zero = new Reply();
            zero.integer(0);
            return zero;
        }

        static Reply emptyPage() {
            Reply page = new Reply();
            page.array(1);
            page.bulk("0");
            return page;
        }
    }

    private static final class ScanPart extends Part {
        private final int partition;

        ScanPart(RespConnection connection, CommandInput input, PendingReply reply, int partition) {
            super(connection, input, reply);
            this.partition = partition;
        }

        @Override
        Reply nothing() {
            return emptyPage();
        }

        @Override
        public void answered(Reply part) {
            List<byte[]> keys = new ArrayList<>();
            long hash = read(part, keys);
            long next = hash | partition;
            if (hash == 0) {
                boolean last = partition + 1 == connection.lane().router().partitions();
                next = last ? 0 : partition + 1;
            }
            finish(page(connection, next, keys));
        }
    }

    private static final class AllKeys extends Part {
        private final List<byte[]> keys = new ArrayList<>();
        private final byte[] pattern;
        private int partition;
        private long hash;

        AllKeys(RespConnection connection, CommandInput input, PendingReply reply, byte[] pattern) {
            super(connection, input, reply);
            this.pattern = pattern;
        }

        @Override
        Reply nothing() {
            return emptyPage();
        }

        void ask() {
            page(connection, collection, partition, hash, KEYS_PER_PAGE, pattern, NOTHING, this);
        }

        @Override
        public void answered(Reply part) {
            hash = read(part, keys);
            if (hash == 0) {
                partition++;
            }
            if (partition < connection.lane().router().partitions()) {
                ask();
                return;
            }
            Reply answer = connection.build();
            answer.array(keys.size());
            keys.forEach(answer::bulk);
            finish(answer);
        }
    }
}
