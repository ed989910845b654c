/**
 * The contract every engine fulfils: {@link io.nodedb.engine.Engine}, one instance per partition.
 *
 * <p>Thread rule: an engine is owned by exactly one thread at a time. That is the data core which
 * owns its partition, or, before it is handed to the core (at start and when it is rebuilt), the
 * thread that loads it. It never locks and is never told which thread it is.
 *
 * <p>To add an engine: implement {@code Engine} and {@code EngineFactory} (or, when its state lies
 * in files of its own, {@code FileEngineFactory} and {@code EngineFiles}), inherit {@code
 * EngineContract} or {@code KeyValueEngineContract} in its tests, register the factory in the
 * product's assembly.
 */
@NullMarked
package io.nodedb.engine;

import org.jspecify.annotations.NullMarked;
