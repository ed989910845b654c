/** What tests of this module share. */
@NullMarked
package io.nodedb.base;

import org.jspecify.annotations.NullMarked;
