// What projects mean to the state: whose rules are confined to whose workloads, and what a project sees of the whole.
import type { Layer } from '../../model/layer.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { type Problem, problem, rejected } from '../http/problem.ts';
import type { Held, Holding } from './held.ts';

export interface ProjectRules {
  readonly names: readonly string[];
  /** The layer with what projects may not do taken from their policies, and what they may not say as errors. */
  readonly confine: (layer: Layer) => { readonly layer: Layer; readonly diagnostics: readonly Diagnostic[] };
  /** What the project sees. */
  readonly view: (held: Held, project: string) => Held;
  /** Why an edit of the project is refused: of other projects it tells nothing. */
  readonly refuse: (made: Holding, project: string | null) => Problem;
  /** Why what the store holds cannot be served. */
  readonly unreadable: (made: Holding) => Problem;
}

/** A server without projects. */
export function noProjects(): ProjectRules {
  return {
    names: [],
    confine: (layer) => ({ layer, diagnostics: [] }),
    view: () => {
      throw problem(403, 'no-such-project', 'this server has no such project');
    },
    refuse: ({ diagnostics, sources }) => rejected('what comes of this change is not sound', diagnostics, sources),
    unreadable: ({ diagnostics, sources }) => rejected('what the store holds cannot be served', diagnostics, sources),
  };
}
