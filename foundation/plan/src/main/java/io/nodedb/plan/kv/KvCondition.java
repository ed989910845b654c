package io.nodedb.plan.kv;

/** When a PUT takes effect. */
public enum KvCondition {
    ALWAYS,
    IF_ABSENT,
    IF_PRESENT
}
