// Compiles what the store holds, for an instant: from nothing, or from what was held before. And carries it on in time:
// windows open and close and rules expire while nobody changes anything.
import { makeQuestionNames, type QuestionNames } from '../../bind/question/question-names.ts';
import { criticalInstants } from '../../engine/instants.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Layer } from '../../model/layer.ts';
import type { Instant } from '../../model/time.ts';
import type { Item, PolicyFile } from '../../store/store.ts';
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import type { LayerMaker } from './layers.ts';

/** What everything is made of. */
export interface Content {
  readonly files: readonly PolicyFile[];
  readonly items: readonly Item[];
}

/** Content that can be asked. */
export interface Held extends Content {
  readonly layers: readonly Layer[];
  /** The layer before rules of projects were confined. */
  readonly joined: Layer;
  readonly sources: ReadonlyMap<string, Source>;
  readonly snapshot: Snapshot;
  readonly names: QuestionNames;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  /** From the instant of the snapshot up to here, exclusive, time alone changes no answer. */
  readonly until: Instant;
}

/** How far ahead the next instant that changes something is looked for. */
const AHEAD = 24 * 60 * 60 * 1000;

/** A chain of patches this long is worth building anew: sets that nobody asks for any more go. */
const MOST_PATCHES = 256;

export interface Holding {
  /** null: there are errors. */
  readonly held: Held | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
}

export interface Holder {
  /** Compiles the content for the instant; `before` is what it is an edit of, if anything. */
  hold(content: Content, at: Instant, before: Held | null): Holding;
}

export function createHolder(maker: LayerMaker): Holder {
  let patches = 0;
  return {
    hold(content, at, before) {
      const { layers, joined, sources, diagnostics: found } = maker.make(content.files, content.items);
      if (hasErrors(found)) return { held: null, diagnostics: found, sources };
      const isPatch = before !== null && patches < MOST_PATCHES;
      const made = isPatch
        ? nextSnapshot(before.snapshot, layers, at)
        : { ...buildSnapshot(layers, { at }), isPatched: false };
      patches = made.isPatched ? patches + 1 : 0;
      const diagnostics = [...found, ...made.diagnostics];
      if (hasErrors(diagnostics)) return { held: null, diagnostics, sources };
      const names = makeQuestionNames(layers);
      const until = nextInstant(layers, at);
      const { files, items } = content;
      const held = { files, items, layers, joined, sources, snapshot: made.snapshot, names, diagnostics, until };
      return { held, diagnostics, sources };
    },
  };
}

/** The same content at another instant; itself where time has changed nothing, forwards or backwards. */
export function holdAt(held: Held, at: Instant): Held {
  if (at >= held.snapshot.at && at < held.until) return held;
  const { snapshot } = nextSnapshot(held.snapshot, held.layers, at);
  return { ...held, snapshot, until: nextInstant(held.layers, at) };
}

function nextInstant(layers: readonly Layer[], at: Instant): Instant {
  return criticalInstants(layers, at, at + AHEAD)[0] ?? at + AHEAD;
}
