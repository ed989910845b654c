@NullMarked
package io.nodedb.server.lane;

import org.jspecify.annotations.NullMarked;
