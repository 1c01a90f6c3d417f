/**
 * What all samples have in common: they start the coordinator, some services and their databases as real processes,
 * tell a story about them and check that it came out right. A sample adds a {@link Sample}.
 */
@NullMarked
package io.entente.samples.story;

import org.jspecify.annotations.NullMarked;
