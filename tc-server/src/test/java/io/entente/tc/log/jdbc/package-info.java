@NullMarked
package io.entente.tc.log.jdbc;

import org.jspecify.annotations.NullMarked;
