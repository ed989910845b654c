/** What tests of this module share. */
package io.nodedb.base;
