package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An engine, and commands and replies as text. */
abstract class CommandFixture {
    final MemoryGovernor governor = new MemoryGovernor(1L << 30);
    KvCore core = new KvCore(governor, true);
    final CommandCall call = new CommandCall();

    /** Executes a command as a client writes it; what it wrote becomes durable. */
    String run(String line) {
        return run(0, words(line));
    }

    String run(long readLsn, List<String> words) {
        String reply = execute(readLsn, words);
        core.acknowledgeAll();
        return reply;
    }

    /** Executes a command; what it wrote stays pending. */
    String execute(long readLsn, List<String> words) {
        prepare(words);
        core.context.chunks.reset();
        int outcome;
        do {
            outcome = core.execute(call, readLsn);
            if (outcome != Outcome.DONE) {
                core.acknowledgeAll();
            }
        } while (outcome < 0);
        assertThat(outcome).as(core.context.message).isEqualTo(Outcome.DONE);
        ByteArrayOutputStream whole = core.context.chunks;
        whole.write(call.reply.bytes(), 0, call.reply.length());
        if (call.reply.isError()) {
            assertThat(core.context.effects.count()).as("effects beside an error").isZero();
        }
        assertThat(core.applyBatch()).as("memory").isTrue();
        return ReplyText.of(whole.toByteArray());
    }

    void prepare(List<String> words) {
        String name = words.getFirst().toUpperCase(Locale.ROOT);
        int arguments = 1;
        if (name.equals("OBJECT") || name.equals("MEMORY")) {
            name += " " + words.get(1).toUpperCase(Locale.ROOT);
            arguments = 2;
        }
        call.reset();
        call.command = Command.named(name);
        call.collection = KvCore.COLLECTION;
        for (String word : words.subList(arguments, words.size())) {
            call.arguments.add(word.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Words between blanks; quoted ones may hold blanks, quotes and {@code \xNN}. */
    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (line.charAt(at) == ' ') {
                at++;
                continue;
            }
            boolean quoted = line.charAt(at) == '"';
            StringBuilder word = new StringBuilder();
            at += quoted ? 1 : 0;
            while (at < line.length() && line.charAt(at) != (quoted ? '"' : ' ')) {
                if (quoted && line.charAt(at) == '\\' && line.charAt(at + 1) == 'x') {
                    word.append((char) Integer.parseInt(line.substring(at + 2, at + 4), 16));
                    at += 4;
                } else {
                    at += quoted && line.charAt(at) == '\\' ? 1 : 0;
                    word.append(line.charAt(at++));
                }
            }
            at += quoted ? 1 : 0;
            words.add(word.toString());
        }
        return words;
    }
}
