/** Tests of the file engine: on real files, on a disk that loses power, and with processes that are killed. */
@NullMarked
package io.entente.tc.log.file;

import org.jspecify.annotations.NullMarked;
