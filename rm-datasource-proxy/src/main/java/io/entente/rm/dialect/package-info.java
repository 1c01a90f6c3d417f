/** What differs between databases: names, catalogs, and how each native type is read and written without loss. */
@NullMarked
package io.entente.rm.dialect;

import org.jspecify.annotations.NullMarked;
