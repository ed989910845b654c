package io.nodedb.bench.report;

import java.util.Locale;

/** How numbers are printed: three digits that count, and a dash for what was not measured. */
public final class Figures {
    private Figures() {}

    public static String of(double number) {
        if (Double.isNaN(number)) {
            return "–";
        }
        double size = Math.abs(number);
        String format =
                size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.01 ? "%.2f" : "%.3g";
        return number == 0 ? "0" : String.format(Locale.ROOT, format, number);
    }

    /** The middle one, or the mean of the two in the middle; NaN when there are none. */
    public static double median(double... numbers) {
        double[] sorted = numbers.clone();
        java.util.Arrays.sort(sorted);
        int count = sorted.length;
        if (count == 0) {
            return Double.NaN;
        }
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    }

    /** The smallest that at least {@code percent} of them do not exceed; NaN without any. */
    public static double percentile(double percent, double... numbers) {
        double[] sorted = numbers.clone();
        java.util.Arrays.sort(sorted);
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }
}
