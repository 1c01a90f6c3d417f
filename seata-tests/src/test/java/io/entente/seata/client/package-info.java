/** Seata's own clients, of many versions, at this coordinator. */
@NullMarked
package io.entente.seata.client;

import org.jspecify.annotations.NullMarked;
