@NullMarked
package io.nodedb.document.definition;

import org.jspecify.annotations.NullMarked;
