// A comment, as the scanner finds it and the tree holds it.
import type { Span } from '../../text/source.ts';

export interface Comment {
  /** One line, without the slashes, one blank after them and the blanks at the end. */
  readonly text: string;
  /**
   * Where it stands. `line`: above what it is about; `doc`: the same, written `///`, where there is no field `doc`;
   * `trailing`: behind it, or behind the `{` of what has a block; `last`: on its own line before the `}`; `end`: behind
   * the `}`.
   */
  readonly style: 'line' | 'doc' | 'trailing' | 'last' | 'end';
  readonly span: Span;
}
