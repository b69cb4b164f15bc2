// What a point would like: `Prefer: modes=snapshot,delta;wait=30` (RFC 7240). What is not understood is passed over, as the
// RFC has it.

export interface Preferences {
  readonly snapshot: boolean;
  readonly delta: boolean;
  /** Seconds to wait for a change; 0: none. */
  readonly wait: number;
}

/** Without a word about modes it is a snapshot. */
export function readPreferences(header: string | readonly string[] | undefined, longestWait: number): Preferences {
  const text = (typeof header === 'string' ? header : (header ?? []).join(',')).toLowerCase();
  const tokens = text.split(/[\s,;="]+/).filter((token) => token !== '');
  const [snapshot, delta] = ['snapshot', 'delta'].map((mode) => tokens.includes(mode)) as [boolean, boolean];
  const wait = Number(/(?:^|[\s,;])wait=(\d{1,6})(?=$|[\s,;])/.exec(text)?.[1] ?? 0);
  return { snapshot: snapshot || !delta, delta, wait: Math.min(wait, longestWait) };
}

/** What was honoured, for `Preference-Applied`; null: nothing was asked for. */
export function appliedPreferences({ snapshot, delta, wait }: Preferences): string | null {
  const modes = [snapshot ? 'snapshot' : '', delta ? 'delta' : ''].filter((mode) => mode !== '').join(',');
  const parts = [delta ? `modes=${modes}` : '', wait > 0 ? `wait=${wait}` : ''].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(';');
}
