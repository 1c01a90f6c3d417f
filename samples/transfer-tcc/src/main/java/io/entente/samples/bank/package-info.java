/** A bank: its accounts, and transfers from them to accounts of another bank. The same program for every bank. */
@NullMarked
package io.entente.samples.bank;

import org.jspecify.annotations.NullMarked;
