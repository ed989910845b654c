package io.nodedb.bench.profile;

import io.nodedb.bench.report.Figures;
import io.nodedb.bench.report.TextTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Samples of one recording, by the job of the thread and the method at the top of its stack. */
public final class SelfTimes {
    private static final int METHODS_PER_JOB = 12;
    private static final double PERCENT = 100;

    /** What took less than this share of all processor time is left out. */
    private static final double LEAST_PERCENT = 0.7;

    private static final String NO_FRAME = "(no Java frame)";
    private static final String HANDLES = "java.lang.invoke.";
    private static final String FOREIGN = "jdk.internal.foreign.";

    private final Map<String, Map<String, Integer>> methodsOfJob = new TreeMap<>();
    private int samples;

    /** Reads a recording with the events that {@link Recorder} asks for. */
    public static SelfTimes of(Path recording) throws IOException {
        SelfTimes times = new SelfTimes();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals(Recorder.SAMPLE)) {
                    times.add(event);
                }
            }
        }
        return times;
    }

    private void add(RecordedEvent event) {
        RecordedThread thread = event.getThread("eventThread");
        RecordedStackTrace stack = event.getStackTrace();
        String method = stack == null ? NO_FRAME : method(stack.getFrames());
        add(thread == null ? "" : thread.getJavaName(), method);
    }

    /** The top one; of what the JVM made for a call of a handle or of libc, who called it. */
    private static String method(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            String type = frame.getMethod().getType().getName();
            if (!type.startsWith(HANDLES) && !type.startsWith(FOREIGN)) {
                return shortened(type) + "." + frame.getMethod().getName();
            }
        }
        return NO_FRAME;
    }

    /** One sample. */
    void add(@Nullable String threadName, String method) {
        samples++;
        methodsOfJob
                .computeIfAbsent(job(threadName), _ -> new HashMap<>())
                .merge(method, 1, Integer::sum);
    }

    /** A thread's name without its number; threads of the JVM itself have none. */
    private static String job(@Nullable String threadName) {
        if (threadName == null || threadName.isEmpty()) {
            return "the JVM";
        }
        return threadName.replaceAll("[-#]?\\d+$", "");
    }

    /** {@code io.nodedb.kv.HashIndex} becomes {@code kv.HashIndex}: package and type. */
    private static String shortened(String type) {
        int last = type.lastIndexOf('.');
        int before = last < 0 ? -1 : type.lastIndexOf('.', last - 1);
        return type.substring(before + 1);
    }

    /** Jobs by their share, in each the methods that took most. */
    public TextTable table() {
        TextTable table = new TextTable(2, List.of("thread", "method", "self %"));
        List<String> jobs = new ArrayList<>(methodsOfJob.keySet());
        jobs.sort(Comparator.comparing(this::samplesOf).reversed());
        for (String job : jobs) {
            table.add(List.of(job, "all", share(samplesOf(job))));
            methodsOfJob.getOrDefault(job, Map.of()).entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .filter(entry -> entry.getValue() * PERCENT >= LEAST_PERCENT * samples)
                    .limit(METHODS_PER_JOB)
                    .forEach(entry ->
                            table.add(List.of("", entry.getKey(), share(entry.getValue()))));
        }
        return table;
    }

    private int samplesOf(String job) {
        return methodsOfJob.getOrDefault(job, Map.of()).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
    }

    private String share(int part) {
        return Figures.of(part * PERCENT / samples);
    }
}
