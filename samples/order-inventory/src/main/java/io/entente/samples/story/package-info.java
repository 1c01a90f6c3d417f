/** The one command of the sample: starts everything, tells a story of five chapters and checks that it came out right. */
@NullMarked
package io.entente.samples.story;

import org.jspecify.annotations.NullMarked;
