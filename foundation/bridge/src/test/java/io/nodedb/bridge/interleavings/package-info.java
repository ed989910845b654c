/**
 * Tests of what may happen between threads, run by jcstress: each class is one small program, its
 * outcomes say which results are allowed. {@link io.nodedb.bridge.interleavings.JcstressIT} runs
 * them all, or one: {@code java -cp ... org.openjdk.jcstress.Main -t Name -m default}.
 */
package io.nodedb.bridge.interleavings;
