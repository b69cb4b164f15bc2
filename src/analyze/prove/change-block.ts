// Proves a change block: that its changes open exactly what it says they open, close exactly what it says they close, and
// nothing else, over all flows. What else they do is shown by flows decided on both sides.
import { applyChanges } from '../../engine/changes/apply-changes.ts';
import { nextSnapshot } from '../../engine/live/next-snapshot.ts';
import type { Snapshot } from '../../engine/pipeline.ts';
import type { Assertion, Expectation } from '../../model/expectation.ts';
import type { Family } from '../../net/address.ts';
import { isNoServices, NO_SERVICES, type ServicePoint, type ServiceSet, subtractServices } from '../../net/services.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Counterexample } from '../assertion.ts';
import { findOtherDecider } from '../decided-by.ts';
import { type Comparison, compareSnapshots } from '../diff/comparison.ts';
import type { Side, SideDecision } from '../diff/diff-row.ts';
import type { Face } from '../diff/faces.ts';
import { witnessOf } from '../diff/witness.ts';
import { nameNode } from '../reach/witness.ts';
import type { LineResult, TestResult } from '../test-result.ts';
import { bundleFaces, type FaceBundle, type Line, makeLine, pickFaces, servicesOfLines } from './change-sides.ts';

export type ChangeBlock = Extract<Expectation, { kind: 'change' }>;

const MOST = 3;

/** `layer`: the index of the layer that has the block. Both sides are at the instant of its last `at`, else of the snapshot. */
export function proveChangeBlock(snapshot: Snapshot, layer: number, block: ChangeBlock): TestResult {
  const { name, module, span } = block;
  const base = { kind: 'change' as const, name, module, layer: snapshot.layers[layer]?.name ?? '', span };
  const fail = (diagnostics: readonly Diagnostic[]): TestResult => {
    return { ...base, outcome: 'failed', assertions: [], diagnostics };
  };
  const applied = applyChanges(snapshot.layers, layer, block.changes);
  const refused = errorsIn(applied.diagnostics);
  if (refused.length > 0) return fail(refused);
  const at = applied.at ?? snapshot.at;
  const before = at === snapshot.at ? { snapshot, diagnostics: [] } : nextSnapshot(snapshot, snapshot.layers, at);
  const after = nextSnapshot(snapshot, applied.layers, at);
  const problems = errorsIn([...before.diagnostics, ...after.diagnostics]);
  if (problems.length > 0) return fail(problems);
  const comparison = compareSnapshots(before.snapshot, after.snapshot);
  const assertions = [
    ...judgeSide(comparison, layer, 'after', block.opens, span),
    ...judgeSide(comparison, layer, 'before', block.closes, span),
  ].map((line) => (at === snapshot.at ? line : { ...line, at }));
  return {
    ...base,
    outcome: assertions.every(({ holds }) => holds) ? 'passed' : 'failed',
    assertions,
    diagnostics: [],
  };
}

function errorsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}

/** A pair of bundles, and what the changes open or close between them. */
type Cell = readonly [from: FaceBundle, to: FaceBundle, changed: ServiceSet, pair: readonly [number, number]];

/** `allows`: the side on which the flows of the lines are allowed. A result for each line, then one for all else. */
function judgeSide(
  comparison: Comparison,
  layer: number,
  allows: Side,
  assertions: readonly Assertion[],
  span: Span,
): readonly LineResult[] {
  const lines = assertions.map((assertion) => makeLine(comparison.sides[allows], layer, assertion));
  const unkept = lines.map((): Counterexample[] => []);
  const other: Counterexample[] = [];
  const deciders: (string | null)[] = lines.map(() => null);
  const pairs = lines.map(() => 0);
  const isMet = lines.map(() => false);
  for (const [from, to, changed, pair] of cellsOf(comparison, allows, lines)) {
    const show = (services: ServiceSet): Counterexample => example(comparison, pair, from.family, services, allows);
    const besides = subtractServices(changed, servicesOfLines(from.sure, to.sure, to, lines));
    if (!isNoServices(besides) && other.length < MOST) other.push(show(besides));
    for (const line of from.possible) {
      if (!to.possible.includes(line)) continue;
      const services = to.services.get(line) ?? NO_SERVICES;
      if (isNoServices(services)) continue;
      pairs[line] = (pairs[line] as number) + 1;
      const missing = subtractServices(services, changed);
      if (isNoServices(missing)) {
        const isSure = from.sure.includes(line) && to.sure.includes(line);
        const decider = otherDecider(comparison, pair, from.family, services, assertions[line] as Assertion);
        if (decider === null && isSure) isMet[line] = true;
        else if (decider !== null) deciders[line] ??= decider;
      } else if ((unkept[line] as Counterexample[]).length < MOST) unkept[line]?.push(show(missing));
    }
  }
  const verb = allows === 'after' ? 'open' : 'close';
  const own = assertions.map((assertion, line): LineResult => {
    const problem = problemOf(assertion, verb, {
      pairs: pairs[line] as number,
      isMet: isMet[line] as boolean,
      isUnkept: (unkept[line] as Counterexample[]).length > 0,
      decider: deciders[line] as string | null,
    });
    const counterexamples = assertion.some ? [] : (unkept[line] as Counterexample[]);
    return result(assertion.span, problem, problem === null ? [] : counterexamples);
  });
  if (other.length === 0) return own;
  const besides = assertions.length === 0 ? '' : ` beside what it says`;
  return [...own, result(span, `the change also ${verb}s flows${besides}`, other)];
}

function problemOf(
  { some }: Assertion,
  verb: 'open' | 'close',
  found: {
    readonly pairs: number;
    readonly isMet: boolean;
    readonly isUnkept: boolean;
    readonly decider: string | null;
  },
): string | null {
  if (found.pairs === 0) return 'it speaks of no pair';
  if (some && !found.isMet) return found.decider ?? `the change ${verb}s no pair of it`;
  if (!some && found.isUnkept) return `the change does not ${verb} all of it`;
  return some ? null : found.decider;
}

function result(span: Span, problem: string | null, counterexamples: readonly Counterexample[]): LineResult {
  return { span, holds: problem === null, pairs: 0, problem, at: null, counterexamples, isChain: false };
}

/** Every pair of bundles with a change or with a line in common, and each exempt pair of a host and its resident. */
function* cellsOf(comparison: Comparison, allows: Side, lines: readonly Line[]): Generator<Cell> {
  const { cells, exceptions, sides } = comparison;
  const { faces } = sides.faces;
  const sources = bundleFaces(comparison, 'source', allows, lines);
  const destinations = bundleFaces(comparison, 'destination', allows, lines);
  const changedBy = (delta: number): ServiceSet => cells.deltas.get(delta)[allows === 'after' ? 'gained' : 'lost'];
  const apart = new Set(exceptions.map((item) => `${item.source} ${item.destination} ${item.family}`));
  const rows = new Map<number, ReadonlyMap<number, number>>();
  const rowOf = (joint: number): ReadonlyMap<number, number> => {
    const known = rows.get(joint);
    if (known !== undefined) return known;
    const row = cells.row(joint);
    const made = new Map(row?.columns.map((column, i) => [column, row.deltas[i] as number]));
    rows.clear();
    rows.set(joint, made);
    return made;
  };
  for (const from of [...sources].sort((a, b) => a.joint - b.joint)) {
    const row = rowOf(from.joint);
    for (const to of destinations) {
      if (to.family !== from.family) continue;
      const delta = row.get(to.joint);
      if (delta === undefined && !from.possible.some((line) => to.possible.includes(line))) continue;
      const changed = delta === undefined ? NO_SERVICES : changedBy(delta);
      const pair = pickFaces(faces, from, to, (a, b) => apart.has(`${a} ${b} ${from.family}`));
      if (pair !== null) yield [from, to, changed, pair];
    }
  }
  for (const { source, destination, family, delta } of exceptions) {
    const [from] = bundleFaces(comparison, 'source', allows, lines, { face: source, family });
    const [to] = bundleFaces(comparison, 'destination', allows, lines, { face: destination, family });
    if (from !== undefined && to !== undefined) yield [from, to, changedBy(delta), [source, destination]];
  }
}

/** A flow of the services between two faces, and what becomes of it. */
function example(
  { sides }: Comparison,
  [source, destination]: readonly [number, number],
  family: Family,
  services: ServiceSet,
  allows: Side,
): Counterexample {
  const own = { common: services, only4: NO_SERVICES, only6: NO_SERVICES };
  const { witness, decidedBy } = witnessOf(sides, source, destination, family, own, allows);
  const decided = decidedBy.after;
  const isUnchanged = decidedBy.before.verdict === decided.verdict;
  return {
    source: nameFace(sides, sides.faces.faces[source] as Face, family, allows),
    destination: nameFace(sides, sides.faces.faces[destination] as Face, family, allows),
    service: witness.service as ServicePoint,
    verdict: decided.verdict,
    rule: ruleOf(decided),
    reason: isUnchanged ? 'as before the change' : decided.reason,
  };
}

function ruleOf({ points, verdict }: SideDecision): string | null {
  return points.find((point) => point.verdict === verdict && point.rule !== null)?.rule ?? null;
}

function nameFace({ faces }: Comparison['sides'], face: Face, family: Family, allows: Side): string {
  const pair = face.nodes[family];
  const side = pair?.[allows] === -1 ? otherSide(allows) : allows;
  return nameNode(faces[side], pair?.[side] ?? 0);
}

function otherSide(side: Side): Side {
  return side === 'after' ? 'before' : 'after';
}

/** Null if the line names no rule, or the rule decides after the change. */
function otherDecider(
  { sides }: Comparison,
  [source, destination]: readonly [number, number],
  family: Family,
  services: ServiceSet,
  { by, expect }: Assertion,
): string | null {
  if (by === null) return null;
  const nodes = [source, destination].map((face) => sides.faces.faces[face]?.nodes[family]?.after ?? -1);
  const [from = -1, to = -1] = nodes;
  if (from === -1 || to === -1) return `an end of it is not there after the change`;
  const found = findOtherDecider(sides.after, from, to, services, by, expect);
  return found === null ? null : `it is not \`${by.rule}\` that decides: ${found}`;
}
