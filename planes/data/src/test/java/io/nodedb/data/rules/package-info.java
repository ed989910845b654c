/** The runtime's rules, each by name in a test: whole cores under virtual time. */
@NullMarked
package io.nodedb.data.rules;

import org.jspecify.annotations.NullMarked;
