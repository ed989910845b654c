package io.nodedb.isolation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Transactions, numbered, and two kinds of edges between them: dependencies (client order, wr, ww)
 * and overwrites (rw: the second replaced what the first read).
 */
final class DependencyGraph {
    private final List<List<Integer>> dependencies = new ArrayList<>();
    private final List<List<Integer>> overwrites = new ArrayList<>();

    DependencyGraph(int transactions) {
        for (int i = 0; i < transactions; i++) {
            dependencies.add(new ArrayList<>());
            overwrites.add(new ArrayList<>());
        }
    }

    void depends(int before, int after) {
        if (before != after) {
            dependencies.get(before).add(after);
        }
    }

    void overwrites(int reader, int replacer) {
        if (reader != replacer) {
            overwrites.get(reader).add(replacer);
        }
    }

    /** A cycle without rw; empty when there is none. */
    List<Integer> cycleOfDependencies() {
        return cycle(dependencies.size(), dependencies::get);
    }

    /**
     * A cycle in which no two rw stand in a row. Each transaction is two nodes: reached by a
     * dependency (an rw may follow), or by an rw (none may follow).
     */
    List<Integer> cycleForbiddenBySnapshotIsolation() {
        int count = dependencies.size();
        List<Integer> nodes =
                cycle(
                        2 * count,
                        node -> {
                            List<Integer> next = new ArrayList<>(dependencies.get(node % count));
                            if (node < count) {
                                for (int replacer : overwrites.get(node)) {
                                    next.add(replacer + count);
                                }
                            }
                            return next;
                        });
        return nodes.stream().map(node -> node % count).toList();
    }

    /** Any cycle. */
    List<Integer> anyCycle() {
        return cycle(
                dependencies.size(),
                node -> {
                    List<Integer> next = new ArrayList<>(dependencies.get(node));
                    next.addAll(overwrites.get(node));
                    return next;
                });
    }

    /** Depth first, with a stack of its own: histories are long. */
    private static List<Integer> cycle(int count, IntFunction<List<Integer>> successors) {
        int[] state = new int[count];
        int[] nextSuccessor = new int[count];
        ArrayDeque<Integer> path = new ArrayDeque<>();
        List<List<Integer>> known = new ArrayList<>(java.util.Collections.nCopies(count, null));
        for (int start = 0; start < count; start++) {
            if (state[start] != 0) {
                continue;
            }
            path.push(start);
            state[start] = 1;
            while (!path.isEmpty()) {
                int node = path.peek();
                List<Integer> next = known.get(node);
                if (next == null) {
                    next = successors.apply(node);
                    known.set(node, next);
                }
                if (nextSuccessor[node] == next.size()) {
                    state[node] = 2;
                    path.pop();
                    continue;
                }
                int to = next.get(nextSuccessor[node]++);
                if (state[to] == 1) {
                    return cycleOn(path, to);
                }
                if (state[to] == 0) {
                    state[to] = 1;
                    path.push(to);
                }
            }
        }
        return List.of();
    }

    private static List<Integer> cycleOn(ArrayDeque<Integer> path, int end) {
        Integer[] nodes = path.toArray(Integer[]::new);
        int length = Arrays.asList(nodes).indexOf(end) + 1;
        List<Integer> cycle = new ArrayList<>(Arrays.asList(nodes).subList(0, length));
        java.util.Collections.reverse(cycle);
        return cycle;
    }
}
