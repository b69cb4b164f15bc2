// What a request is answered from: a whole revision for the provider, a project's view of it for anybody of a project.
import type { QuestionNames } from '../../bind/question/question-names.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Instant } from '../../model/time.ts';
import type { Item, PolicyFile } from '../../store/store.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { digestOf } from './content.ts';
import type { Held } from './held.ts';
import type { Views } from './views.ts';

/** Whose eyes: null is the provider, who sees everything. */
export interface Viewer {
  readonly project: string | null;
}

/** Which of many states is meant; nothing said: the one of now. */
export interface When {
  /** `r12`, as whoever asks counts. */
  readonly revision?: string | undefined;
  /** The instant that is judged; without a revision, the one that was in force then. */
  readonly at?: Instant | undefined;
}

/** A revision, or what one project sees of it, ready to be asked. */
export interface Served {
  /** As the store counts; 0 before the first. */
  readonly seq: number;
  /** As whoever asks counts: `r12`. */
  readonly revision: string;
  /** Of all that is seen: `sha256:…`. */
  readonly digest: string;
  /** The whole of which this is seen. */
  readonly whole: Held;
  readonly files: readonly PolicyFile[];
  readonly items: readonly Item[];
  readonly snapshot: Snapshot;
  readonly names: QuestionNames;
  readonly sources: ReadonlyMap<string, Source>;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `digest`: of the whole. */
export function serve(
  views: Views,
  held: Held,
  { seq, name, digest, project }: { seq: number; name: string; digest: string; project: string | null },
): Served {
  const seen = project === null ? held : views.of(held, project);
  const { files, items, snapshot, names, sources, diagnostics } = seen;
  const own = project === null ? digest : digestOf(seen);
  return { seq, revision: name, digest: own, whole: held, files, items, snapshot, names, sources, diagnostics };
}
