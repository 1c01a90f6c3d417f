/** Several databases in one application. */
package io.entente.frameworks.several;
