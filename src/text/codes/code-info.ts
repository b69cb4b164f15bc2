// The shape of one entry of the registry of codes, and of the codes of one area.
// Kept apart from ../codes.ts so that the files of the areas do not import the file that assembles them.

/** `error`: nothing is answered from the input. `warning`: probably not what was meant. `note`: said aloud only. */
export type Severity = 'error' | 'warning' | 'note';

/** What a code means in one line (lower case, no full stop), and how bad it is unless a setting says otherwise. */
export interface CodeInfo {
  readonly severity: Severity;
  readonly summary: string;
}

/** The codes of one area: every key is `area/kebab-name`. */
export type CodesOf<Area extends string> = Readonly<Record<`${Area}/${string}`, CodeInfo>>;
