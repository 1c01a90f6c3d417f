@NullMarked
package io.entente.tc.webhook;

import org.jspecify.annotations.NullMarked;
