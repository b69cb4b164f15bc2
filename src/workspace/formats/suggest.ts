// The smallest changes that allow or block a flow as a document, `bulkhead.suggest/1`.
import {
  changesNothingElse,
  type Obstacle,
  type SuggestedEdit,
  type Suggestion,
  type Suggestions,
  type Wanted,
} from '../../analyze/suggest/suggestion.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import type { Verdict } from '../../model/policy.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { toServiceRows } from '../../net/service-rows.ts';
import type { Span } from '../../text/source.ts';
import { type DiffRowJson, makeDiffDocument } from './diff.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';
import { type FlipJson, makeFlip } from './what-if.ts';

export const SUGGEST_FORMAT = 'bulkhead.suggest/1';

type WithoutSpan<Edit> = Edit extends SuggestedEdit ? Omit<Edit, 'span'> & FileLine : never;
/** As in suggestion.ts, with the place as file and line. */
export type EditJson = WithoutSpan<SuggestedEdit>;

export interface SuggestionJson {
  readonly edits: readonly EditJson[];
  /** Denials of higher tiers that the edits go past; absent: none. */
  readonly overrides?: readonly string[];
  /** Whether nothing changes but the flow. */
  readonly nothingElse: boolean;
  readonly otherPairs: number;
  readonly otherAddresses: number;
  /** What else changes between the two ends; empty: nothing. */
  readonly otherServices: readonly FlowService[];
  /** Service addresses with other backends. */
  readonly serviceAddresses: readonly string[];
  readonly gained: readonly DiffRowJson[];
  readonly lost: readonly DiffRowJson[];
  readonly unchangedPairs: number;
  readonly flips: readonly FlipJson[];
}

export interface SuggestDocument {
  readonly format: typeof SUGGEST_FORMAT;
  readonly at: string;
  /** As asked. */
  readonly flow: string;
  readonly wanted: Wanted;
  /** Of the flow as things are. */
  readonly verdict: Verdict;
  /** Whether it is as wanted already. */
  readonly already: boolean;
  /** The best first. */
  readonly suggestions: readonly SuggestionJson[];
  /** What would do, but goes past a denial of a higher tier. */
  readonly exceptions: readonly SuggestionJson[];
  readonly obstacles: readonly (FileLine & { readonly why: string; readonly would?: string })[];
}

export function makeSuggestDocument(
  found: Suggestions,
  asked: { readonly at: Instant; readonly flow: string },
  sources: Sources,
): SuggestDocument {
  const all = (list: readonly Suggestion[]): readonly SuggestionJson[] =>
    list.map((item) => makeSuggestion(item, sources));
  return {
    format: SUGGEST_FORMAT,
    at: formatInstant(asked.at),
    flow: asked.flow,
    wanted: found.wanted,
    verdict: found.verdict,
    already: found.isAlready,
    suggestions: all(found.suggestions),
    exceptions: all(found.exceptions),
    obstacles: found.obstacles.map((obstacle) => makeObstacle(obstacle, sources)),
  };
}

function makeSuggestion({ edits, overrides, cost, diff, flips }: Suggestion, sources: Sources): SuggestionJson {
  const { gained, lost, unchangedPairs } = makeDiffDocument(diff, sources);
  return {
    edits: edits.map(({ span: _, ...edit }, index) => ({
      ...edit,
      ...placeOfEdit(edits[index] as SuggestedEdit, sources),
    })),
    ...(overrides.length === 0 ? {} : { overrides }),
    nothingElse: changesNothingElse(cost),
    otherPairs: cost.otherPairs,
    otherAddresses: cost.otherAddresses,
    otherServices: cost.otherServices === null ? [] : toServiceRows(cost.otherServices),
    serviceAddresses: cost.serviceAddresses,
    gained,
    lost,
    unchangedPairs,
    flips: flips.map((flip) => makeFlip(flip, sources)),
  };
}

function makeObstacle({ why, would, span }: Obstacle, sources: Sources): SuggestDocument['obstacles'][number] {
  return { why, ...(would === null ? {} : { would }), ...fileLineOf(span, sources) };
}

/** Of a selector, the line of the value that is to change. */
export function placeOfEdit(edit: SuggestedEdit, sources: Sources): FileLine {
  return fileLineOf(edit.kind === 'selector' ? valueSpan(edit.span, edit.from, sources) : edit.span, sources);
}

function valueSpan(span: Span | null, value: string, sources: Sources): Span | null {
  const text = span === null ? undefined : sources.get(span.file)?.text;
  if (span === null || text === undefined) return span;
  const within = text.slice(span.start, span.end);
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`[:\\s[,"'-]${escaped}(?=["'\\s,\\]}]|$)`).exec(within);
  if (found === null) return span;
  const start = span.start + found.index + 1;
  return { ...span, start, end: start + value.length };
}
