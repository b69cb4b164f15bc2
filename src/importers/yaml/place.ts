// A place in a text, and the path of keys and indices that leads to a value in a document.

export type Path = readonly (string | number)[];

/** UTF-16 offsets, `end` exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
}
