package io.nodedb.base.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what someone who mistyped a name probably meant: the least edit distance (Levenshtein). */
public final class NearestName {
    private NearestName() {}

    /**
     * The name nearest to {@code typed}, or null when more than half of it would have to change.
     */
    public static @Nullable String of(String typed, List<String> names) {
        String nearest = null;
        int least = typed.length() / 2 + 1;
        for (String name : names) {
            int distance = distance(typed, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
