package io.nodedb.simulator;

import java.util.SplittableRandom;

class SimRun {
    public static void main(String[] a) {
        long from = Long.parseLong(a[0]), n = Long.parseLong(a[1]);
        int failed = 0;
        long ev = 0;
        java.util.Map<String, Integer> kinds = new java.util.TreeMap<>();
        long t = System.nanoTime();
        for (long s = from; s < from + n; s++) {
            try {
                ev += DatabaseSimulation.run(new SplittableRandom(s)).events();
            } catch (Throwable e) {
                failed++;
                String m = String.valueOf(e.getMessage());
                m =
                        e.getClass().getSimpleName()
                                + ": "
                                + m.substring(0, Math.min(70, m.length()))
                                        .replaceAll("[0-9]+", "#");
                kinds.merge(m, 1, Integer::sum);
                if (kinds.get(m) == 1) {
                    System.out.println("seed " + s);
                    if (a.length > 2) e.printStackTrace(System.out);
                    else {
                        System.out.println(e);
                        for (int i = 0; i < Math.min(12, e.getStackTrace().length); i++)
                            System.out.println("   " + e.getStackTrace()[i]);
                        Throwable c = e.getCause();
                        while (c != null) {
                            System.out.println(" caused " + c);
                            for (int i = 0; i < Math.min(8, c.getStackTrace().length); i++)
                                System.out.println("   " + c.getStackTrace()[i]);
                            c = c.getCause();
                        }
                    }
                }
            }
        }
        System.out.println(
                "failed "
                        + failed
                        + " of "
                        + n
                        + " "
                        + kinds
                        + " ms/seed "
                        + (System.nanoTime() - t) / 1e6 / n
                        + " events/seed "
                        + ev / n);
    }
}
