@NullMarked
package io.nodedb.document.rules;

import org.jspecify.annotations.NullMarked;
