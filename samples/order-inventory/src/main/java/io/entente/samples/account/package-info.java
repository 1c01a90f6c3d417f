/** The account service: knows how much money each user has. */
@NullMarked
package io.entente.samples.account;

import org.jspecify.annotations.NullMarked;
