package io.nodedb.data.commit;

/** Is told of every write that others see from now on, in the order in which they took effect. */
@FunctionalInterface
public interface WrittenKeys {
    /** Only looks at the effects, now; must not fail. */
    void written(SectionedEffects effects);
}
