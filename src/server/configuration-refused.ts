// A configuration that cannot be served, with everything that is wrong with it.
import type { Diagnostic } from '../text/diagnostic.ts';

/** Thrown where a configuration cannot be served. */
export class ConfigurationRefused extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('; '));
    this.diagnostics = diagnostics;
  }
}
