package io.nodedb.bench.trial;

/**
 * One contestant's part of a benchmark, run once in a process of its own. Every answer is checked
 * and goes into what decides whether the measurement counts: that is also what keeps the compiler
 * from dropping the work as dead code.
 */
public interface Trial {
    /** Does the work and tells the measurements. A failure ends the trial; it is told as such. */
    void run(TrialInput input, TrialOutput output) throws Exception;
}
