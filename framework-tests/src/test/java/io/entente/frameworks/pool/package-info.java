/** Connection pools. */
package io.entente.frameworks.pool;
