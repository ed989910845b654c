/** Tests of the document engine alone, without a core. */
@NullMarked
package io.nodedb.document.engine;

import org.jspecify.annotations.NullMarked;
