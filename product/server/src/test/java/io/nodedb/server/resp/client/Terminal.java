package io.nodedb.server.resp.client;

import io.nodedb.server.resp.probe.Endpoint;
import io.nodedb.server.resp.probe.RedisProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A person who sits before {@code redis-cli}: {@code script} gives it a terminal, so that it
 * prompts, edits lines, hints and colours. Only what is typed after a prompt is taken by it, so
 * every step waits for one; every wait fails after {@link #PATIENCE_SECONDS}. One thread uses it,
 * one of its own reads.
 */
final class Terminal implements AutoCloseable {
    /** What the notice of a skipped test says. */
    static final String MISSING =
            "redis-cli 7 or the script of util-linux is not on the PATH (Debian, Ubuntu: apt-get"
                    + " install redis-tools bsdutils)";

    private static final int PATIENCE_SECONDS = 60;

    /** Wide, so that no line is scrolled while it is typed. */
    private static final String SIZE = "stty cols 250 rows 50";

    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]|\r");

    /** A prompt that stands for the next line; while a line is typed it is drawn anew, in place. */
    private static final Pattern PROMPT =
            Pattern.compile("(?:^|\n|\\^C)\r?((?:127\\.0\\.0\\.1:\\d+\\S*|not connected)> )$");

    /** What redis-cli says of a command that took longer than half a second. */
    private static final Pattern TIME = Pattern.compile("\n?\\(\\d+\\.\\d+s\\)\n?$");

    private static final String END = "\0end";
    private static final String ENTER = "\r";
    private static final String INTERRUPT = "\u0003";

    private final Process process;
    private final OutputStream keyboard;
    private final BlockingQueue<String> screen = new LinkedBlockingQueue<>();
    private final StringBuilder shown = new StringBuilder();
    private String prompt = "";

    /** What is shown begins with the line that was typed. */
    private boolean typed;

    private Terminal(Process process) {
        this.process = process;
        this.keyboard = process.getOutputStream();
    }

    static boolean isThere() {
        return System.getProperty("os.name").equals("Linux")
                && RedisProcess.program("redis-cli").isPresent()
                && RedisProcess.program("script").isPresent();
    }

    /** Sits down; returns when there is a prompt. */
    static Terminal open(Path folder, Endpoint server, String... arguments) {
        String cli = "exec redis-cli -h " + server.host() + " -p " + server.port();
        String command = SIZE + "; " + cli + " " + String.join(" ", arguments);
        ProcessBuilder builder =
                new ProcessBuilder(List.of("script", "-qec", command, "/dev/null"))
                        .directory(folder.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString()); // neither settings nor a history
        builder.environment().put("TERM", "xterm");
        builder.environment().put("SHELL", "/bin/sh");
        try {
            Terminal terminal = new Terminal(builder.start());
            Thread _ = Thread.ofPlatform().daemon().name("terminal").start(terminal::readScreen);
            String ignored = terminal.untilPrompt();
            return terminal;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readScreen() {
        char[] buffer = new char[1 << 13];
        try (Reader out = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (int read = out.read(buffer); read > 0; read = out.read(buffer)) {
                screen.add(new String(buffer, 0, read));
            }
        } catch (IOException _) {
            // the terminal went with the process
        } finally {
            screen.add(END);
        }
    }

    /** The prompt that stands there now. */
    String prompt() {
        return prompt;
    }

    /** Types a line after the prompt; returns what is shown until the next prompt. */
    String enter(String line) {
        typeLine(line);
        return untilPrompt();
    }

    /** Types a line after the prompt; returns what is shown until it ends with {@code awaited}. */
    String enterUntil(String line, String awaited) {
        typeLine(line);
        return until(awaited);
    }

    /** What is shown from now on until it ends with {@code awaited}. */
    String until(String awaited) {
        while (!plain().endsWith(awaited)) {
            show(take());
        }
        return answer();
    }

    /** Presses Ctrl-C while there is no prompt; returns what is shown until there is. */
    String interrupt() {
        type(INTERRUPT);
        return untilPrompt();
    }

    /** Types a line after which it ends by itself; its exit status. */
    int leave(String line) {
        typeLine(line);
        for (String text = take(); !text.equals(END); text = take()) {
            shown.append(text);
        }
        return process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join().exitValue();
    }

    /** All that was drawn since the last prompt, hints too, without what moves and colours. */
    private String plain() {
        return CONTROL.matcher(shown).replaceAll("");
    }

    private String untilPrompt() {
        Matcher end = PROMPT.matcher(shown);
        while (!end.find()) {
            show(take());
            end = PROMPT.matcher(shown);
        }
        prompt = end.group(1);
        shown.setLength(end.start(1));
        return answer();
    }

    /** What was shown, but for the line that was typed; it is forgotten. */
    private String answer() {
        String all = plain();
        int begin = typed ? all.indexOf('\n') + 1 : 0;
        shown.setLength(0);
        typed = false;
        return TIME.matcher(all.substring(begin)).replaceFirst("").strip();
    }

    private void typeLine(String line) {
        typed = true;
        type(line + ENTER);
    }

    private void type(String keys) {
        try {
            keyboard.write(keys.getBytes(StandardCharsets.ISO_8859_1));
            keyboard.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void show(String text) {
        if (text.equals(END)) {
            throw new AssertionError("redis-cli has ended: " + shown);
        }
        shown.append(text);
    }

    private String take() {
        try {
            String text = screen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("nothing more is shown: " + shown);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }
}
