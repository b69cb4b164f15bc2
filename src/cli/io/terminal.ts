// What is known about the terminal: whether to color, how wide it is, and whether to show progress.
// The environment is read here and nowhere else in the command line.

export interface Terminal {
  /** Whether to color what is written to standard output, and to standard error. */
  readonly colorOut: boolean;
  readonly colorErr: boolean;
  readonly width: number;
  /** Whether somebody watches standard error. */
  readonly watched: boolean;
  /** Whether standard output appears on a terminal too. */
  readonly watchedOut: boolean;
}

/** `when`: what --color says; null: nothing. NO_COLOR and FORCE_COLOR come after it (no-color.org, force-color.org). */
export function readTerminal(when: 'auto' | 'always' | 'never' | null): Terminal {
  return {
    colorOut: wantsColor(when, process.stdout.isTTY === true),
    colorErr: wantsColor(when, process.stderr.isTTY === true),
    width: Math.min(process.stderr.columns || process.stdout.columns || 100, 160),
    watched: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
    watchedOut: process.stdout.isTTY === true,
  };
}

function wantsColor(when: 'auto' | 'always' | 'never' | null, isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (when === 'always' || when === 'never') return when === 'always';
  if (when === null && NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (when === null && FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}
