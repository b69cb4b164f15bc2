// What a section of a report is summed up in: so many of so many. What is counted is said where it is shown.

export interface Share {
  readonly part: number;
  readonly of: number;
}

/** What could be measured, or why it was not. */
export type Measured<T> =
  | ({ readonly measured: true } & T)
  | {
      readonly measured: false;
      /** For a user, in the style of diagnostics. */
      readonly reason: string;
    };

export function notMeasured(reason: string): { readonly measured: false; readonly reason: string } {
  return { measured: false, reason };
}
