@NullMarked
package io.nodedb.document;

import org.jspecify.annotations.NullMarked;
