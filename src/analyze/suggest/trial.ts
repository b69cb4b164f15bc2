// Tries candidates: makes them on a copy of the layers, decides the flow again, and finds by comparison what else they do.
import { equalBits } from '../../base/bitset.ts';
import { parseChanges } from '../../bind/question/change-text.ts';
import { applyChanges } from '../../engine/changes/apply-changes.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import { decide } from '../../evaluate/decide.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import { servicesOf } from '../../evaluate/services-of.ts';
import { resolveEnds } from '../../graph/resolve.ts';
import type { Layer } from '../../model/layer.ts';
import type { Verdict } from '../../model/policy.ts';
import type { Question } from '../../model/question.ts';
import { parseAddresses } from '../../net/address-set.ts';
import {
  ALL_SERVICES,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { makeSource } from '../../text/source.ts';
import { diffSnapshots } from '../diff/diff.ts';
import type { Diff, DiffEnd, DiffRow } from '../diff/diff-row.ts';
import type { Cost, SuggestedEdit, Suggestion, Wanted } from './suggestion.ts';

/** Layers that might do, and what was edited to get them. */
export interface Candidate {
  readonly edits: readonly SuggestedEdit[];
  readonly overrides: readonly string[];
  readonly layers: readonly Layer[];
}

export function isAsWanted(verdict: Verdict, wanted: Wanted): boolean {
  return wanted === 'allow' ? verdict === 'allow' : verdict === 'drop' || verdict === 'reject';
}

/** The layers after a change statement; null: it cannot be made. */
export function change(layers: readonly Layer[], statement: string): readonly Layer[] | null {
  const parsed = parseChanges([{ source: makeSource('suggestion', statement), kind: 'statement' }], layers);
  if (hasErrors(parsed.diagnostics)) return null;
  const applied = applyChanges(layers, parsed.home, parsed.changes);
  return hasErrors(applied.diagnostics) ? null : applied.layers;
}

/** null: what comes of the edits is refused. */
export function compile(before: Snapshot, layers: readonly Layer[]): Snapshot | null {
  const { snapshot, diagnostics } = nextSnapshot(before, layers, before.at);
  return hasErrors(diagnostics) ? null : snapshot;
}

/** What the candidate does, without its flips; null: it cannot be compiled, or the flow is not as wanted. */
export function tryCandidate(
  before: Snapshot,
  question: Question,
  wanted: Wanted,
  { edits, overrides, layers }: Candidate,
): Omit<Suggestion, 'flips'> | null {
  const after = compile(before, layers);
  if (after === null || !isAsWanted(decide(after.evaluator, question).verdict, wanted)) return null;
  const diff = diffSnapshots(before, after);
  return { edits, overrides, diff, cost: costOf(before, after, question, wanted, diff), after };
}

function costOf(before: Snapshot, after: Snapshot, question: Question, wanted: Wanted, diff: Diff): Cost {
  const count = after.evaluator.universe.world.endpoints.length;
  const changed = Math.max(0, count * (count - 1) - diff.unchangedPairs);
  const isBetweenEndpoints = !hasOutside(after, question);
  const outside =
    changedOutside(diff).length === 0 ? 0 : countOutside(diffSnapshots(before, after, { by: 'workload' }));
  const { gained, lost } = otherServices(before, after, question);
  const more = unionServices(gained, lost);
  return {
    otherPairs: Math.max(0, changed - (isBetweenEndpoints ? 1 : 0)),
    otherAddresses: Math.max(0, outside - (isBetweenEndpoints ? 0 : 1)),
    otherServices: isNoServices(more) ? null : more,
    serviceAddresses: changedBackends(before, after),
    isMixed: (wanted === 'allow' ? diff.lost : diff.gained).length > 0,
  };
}

/** Service addresses with other backends: a label may be what a Service selects by. */
function changedBackends(before: Snapshot, after: Snapshot): readonly string[] {
  if (before.layers.every(({ world }, index) => world === after.layers[index]?.world)) return [];
  return before.layers.flatMap(({ world }, index) =>
    world.serviceAddresses.flatMap(({ id, backends }) => {
      const [was, is] = [before, after].map(({ evaluator }) => evaluator.membership.evaluate(index, backends).possible);
      return was === undefined || is === undefined || equalBits(was, is) ? [] : [id];
    }),
  );
}

/** Whether an end of the question is nobody's address. */
function hasOutside({ evaluator: { universe } }: Snapshot, { source, destination }: Question): boolean {
  return resolveEnds(universe, source, destination).some(
    (end) => end.kind === 'nodes' && end.nodes.some((node) => node >= universe.firstExternal),
  );
}

function changedOutside({ gained, lost }: Diff): readonly DiffRow[] {
  return [...gained, ...lost].filter(({ source, destination }) => sizeOf(source) + sizeOf(destination) > 0);
}

/** Addresses, each as often as there are endpoints that it meets: rows are of one endpoint each. */
function countOutside(diff: Diff): number {
  return changedOutside(diff).reduce((sum, { source, destination }) => sum + sizeOf(source) + sizeOf(destination), 0);
}

function sizeOf(end: DiffEnd): number {
  if (end.kind === 'set') return end.of.reduce((sum, part) => sum + sizeOf(part), 0);
  if (end.kind !== 'external') return 0;
  return end.ranges.reduce((sum, range) => {
    const set = parseAddresses(range);
    if ('problem' in set) return sum;
    const width = (ends: readonly (number | bigint)[]): number =>
      ends.reduce<number>((own, end, i) => own + (i % 2 === 1 ? Number(end) + 1 : -Number(end)), 0);
    return sum + width(set.v4) + width(set.v6);
  }, 0);
}

/** Between the ends of the question, what is gained and lost beside the service that it asks about. */
function otherServices(
  before: Snapshot,
  after: Snapshot,
  question: Question,
): { readonly gained: ServiceSet; readonly lost: ServiceSet } {
  const [was, is] = [allowedBetween(before, question), allowedBetween(after, question)];
  const asked = servicesOf(question.service);
  return {
    gained: subtractServices(subtractServices(is.some, was.all), asked),
    lost: subtractServices(subtractServices(was.some, is.all), asked),
  };
}

/** Over the pairs of nodes of the two ends: allowed for each of them, and for one of them. */
function allowedBetween(
  { evaluator }: Snapshot,
  { source, destination }: Question,
): { readonly all: ServiceSet; readonly some: ServiceSet } {
  const { nodes } = evaluator.universe;
  const [from, to] = resolveEnds(evaluator.universe, source, destination);
  if (from.kind !== 'nodes' || to.kind !== 'nodes') return { all: NO_SERVICES, some: NO_SERVICES };
  let [all, some] = [ALL_SERVICES, NO_SERVICES];
  for (const a of from.nodes) {
    for (const b of to.nodes) {
      if (nodes[a]?.family !== nodes[b]?.family) continue;
      const id = pairOutcome(evaluator, a, b);
      const allowed = id === -1 ? ALL_SERVICES : evaluator.judge.outcome(id).allow;
      all = subtractServices(all, subtractServices(ALL_SERVICES, allowed));
      some = unionServices(some, allowed);
    }
  }
  return { all, some };
}
