// Finds the smallest change that allows a flow, or that blocks it. Every candidate is made on a copy, compiled and decided
// again; what else it opens or closes is what the comparison proves. What does least beside the flow comes first.
import { nearest } from '../../base/suggest.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { decide } from '../../evaluate/decide.ts';
import type { Question } from '../../model/question.ts';
import { type Baseline, flipsBetween, makeBaseline } from '../what-if/what-if.ts';
import { mendCandidates } from './mends.ts';
import { newPolicyCandidates } from './new-policies.ts';
import { findObstacles } from './obstacles.ts';
import { ruleCandidates } from './rules.ts';
import type { SuggestedEdit, Suggestion, Suggestions, Wanted } from './suggestion.ts';
import { type Candidate, isAsWanted, tryCandidate } from './trial.ts';

export interface SuggestOptions {
  /** How many are given at most: 4 unless said. */
  readonly most?: number;
  /** Called with what is done next. */
  readonly onStage?: (stage: string) => void;
}

/** `baseline`: of a snapshot without errors. */
export function suggest(
  baseline: Baseline,
  question: Question,
  wanted: Wanted,
  { most = 4, onStage }: SuggestOptions = {},
): Suggestions {
  const { snapshot } = baseline;
  const decision = decide(snapshot.evaluator, question);
  const { verdict } = decision;
  const none = { wanted, verdict, suggestions: [], exceptions: [], obstacles: [] };
  if (isAsWanted(verdict, wanted)) return { ...none, isAlready: true };
  // Rules are about the workloads behind a service address, and about the ports that they listen at.
  const isService = [question.source, question.destination].some(({ kind }) => kind === 'service-address');
  const candidates = isService ? [] : gather(snapshot, question, wanted);
  const tried: Omit<Suggestion, 'flips'>[] = [];
  for (const [index, candidate] of candidates.entries()) {
    onStage?.(`trying ${index + 1} of ${candidates.length}`);
    const result = tryCandidate(snapshot, question, wanted, candidate);
    if (result !== null) tried.push(result);
  }
  onStage?.('testing');
  const free = tried.filter(({ overrides }) => overrides.length === 0);
  const suggestions = choose(baseline, free, most);
  if (suggestions.length > 0) return { ...none, isAlready: false, suggestions };
  const exceptions = choose(baseline, tried, 1);
  const obstacles = findObstacles(snapshot, question, decision, wanted, exceptions);
  return { ...none, isAlready: false, exceptions, obstacles };
}

function gather(snapshot: Snapshot, question: Question, wanted: Wanted): readonly Candidate[] {
  const all = [
    ...ruleCandidates(snapshot, question, wanted),
    ...(wanted === 'allow' ? [...mendCandidates(snapshot, question), ...newPolicyCandidates(snapshot, question)] : []),
  ];
  const key = ({ edits }: Candidate): string => JSON.stringify(edits.map(wordsOf));
  return [...new Map(all.toReversed().map((candidate) => [key(candidate), candidate])).values()].toReversed();
}

/** The best of each kind of edit, then whatever is next; what breaks an expectation comes after what breaks none. */
function choose(baseline: Baseline, tried: readonly Tried[], most: number): readonly Suggestion[] {
  const sorted = onePerEffect([...tried].sort(compare));
  const kinds = new Map(sorted.toReversed().map((item) => [kindOf(item), item]));
  const firsts = sorted.filter((item) => kinds.get(kindOf(item)) === item);
  const best = [...firsts, ...sorted.filter((item) => !firsts.includes(item))].slice(0, most).sort(compare);
  const judged = best.map((suggestion): Suggestion => {
    const flips = flipsBetween(baseline.results(), makeBaseline(suggestion.after).results());
    return { ...suggestion, flips };
  });
  const breaks = ({ flips }: Suggestion): number => Number(flips.some(({ before }) => before.outcome === 'passed'));
  return judged.sort((a, b) => rank(a) - rank(b) || breaks(a) - breaks(b));
}

function kindOf({ edits }: Tried): string {
  return edits.map(({ kind }) => kind).join();
}

/** Of those that do the same in the same way the first, or in its policies a shorter one. */
function onePerEffect(sorted: readonly Tried[]): readonly Tried[] {
  const known = new Map<string, Tried>();
  for (const item of sorted) {
    const rows = [...item.diff.gained, ...item.diff.lost].map(({ source, destination, services }) => [source, destination, services]); // biome-ignore format: one step
    const key = JSON.stringify([kindOf(item), rows]);
    const first = known.get(key);
    const isShorter =
      first !== undefined && policiesOf(item) === policiesOf(first) && sizeOf(item.edits) < sizeOf(first.edits);
    if (first === undefined || isShorter) known.set(key, item);
  }
  return [...known.values()];
}

function policiesOf({ edits }: Tried): string {
  return edits.map((edit) => ('policy' in edit ? edit.policy : '')).join();
}

type Tried = Omit<Suggestion, 'flips'>;

/** By rank, then by how many other flows it changes, then by its size. */
function compare(a: Tried, b: Tried): number {
  return (
    rank(a) - rank(b) ||
    a.cost.otherPairs - b.cost.otherPairs ||
    a.cost.otherAddresses - b.cost.otherAddresses ||
    Number(a.cost.otherServices !== null) - Number(b.cost.otherServices !== null) ||
    a.edits.length - b.edits.length ||
    // Of one kind, the order in which they were made is that of the places that fit best.
    (kindOf(a) === kindOf(b) ? 0 : sizeOf(a.edits) - sizeOf(b.edits))
  );
}

/**
 * A change of what is there before a policy that is not, and last what makes a workload something else by its labels;
 * one that does only what is asked for before one that also does the opposite, or moves a workload behind another
 * service address.
 */
function rank({ edits, cost }: Tried): number {
  if (edits.some(isRecasting)) return 3;
  if (edits.some(({ kind }) => kind === 'policy')) return 2;
  return cost.isMixed || cost.serviceAddresses.length > 0 ? 1 : 0;
}

/** A value that is neither missing nor mistyped says what the workload is: another one makes it something else. */
function isRecasting(edit: SuggestedEdit): boolean {
  return edit.kind === 'label' && edit.from.length > 0 && nearest(edit.to, edit.from) === null;
}

/** Characters to be written. */
function sizeOf(edits: readonly SuggestedEdit[]): number {
  return edits.reduce((sum, edit) => sum + (edit.kind === 'selector' ? edit.to.length : wordsOf(edit).length), 0);
}

function wordsOf(edit: SuggestedEdit): string {
  if (edit.statement !== null) return edit.statement;
  if (edit.kind === 'policy') return edit.text;
  return `${edit.policy} ${edit.rule ?? ''} ${edit.where} ${edit.key} ${edit.from} ${edit.to}`;
}
