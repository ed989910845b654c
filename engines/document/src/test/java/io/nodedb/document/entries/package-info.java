@NullMarked
package io.nodedb.document.entries;

import org.jspecify.annotations.NullMarked;
