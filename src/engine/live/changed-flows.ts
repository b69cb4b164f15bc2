// The flows that are allowed on one side of an edit alone. Only pairs that the edit can have touched are compared, and of
// these one for all that no rule of either side tells apart.

import { type Bitset, forEachBit, fullBitset, orInto } from '../../base/bitset.ts';
import { remember } from '../../base/remember.ts';
import { type Evaluator, residentExempt } from '../../evaluate/evaluator.ts';
import { pairOutcome } from '../../evaluate/pair-services.ts';
import type { Node } from '../../graph/universe.ts';
import type { Family } from '../../net/address.ts';
import {
  ALL_SERVICES,
  isNoServices,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
} from '../../net/services.ts';
import type { Snapshot } from '../pipeline.ts';
import { type JointNodes, joinNodes, type NodeName, nameNode } from './joint-nodes.ts';
import { classesIn, touchedPairs } from './touched.ts';

/** Services gained and lost by every pair of a source and a destination that are not of one endpoint. */
export interface FlowDelta {
  readonly family: Family;
  readonly sources: readonly NodeName[];
  readonly destinations: readonly NodeName[];
  readonly gained: ServiceSet;
  readonly lost: ServiceSet;
}

export interface ChangedFlows {
  readonly deltas: readonly FlowDelta[];
  /** Pairs of classes that were compared; for those who want to know what an edit costs. */
  readonly compared: number;
}

export function changedFlows({ evaluator: before }: Snapshot, { evaluator: after }: Snapshot): ChangedFlows {
  const joint = joinNodes(before.universe, after.universe);
  const sources = classify(joint, before, after, 'source');
  const destinations = classify(joint, before, after, 'destination');
  const touched = touchedPairs(before.ruleset, after.ruleset, joint);
  const rows = rowsOf(touched ?? [fullRectangle(joint)], sources, destinations);
  const compare = comparer(before, after);
  const residents = residentPairs(joint, before, after);
  const deltas: FlowDelta[] = [];
  let compared = 0;
  const emit = (family: Family, from: readonly number[], to: readonly number[], change: Change): void => {
    const name = (node: number): NodeName => {
      const range = joint.ranges.get(node);
      if (range !== undefined) return { kind: 'external', range };
      const own = joint.after[node] as number;
      return own === -1 ? nameNode(before.universe, joint.before[node] as number) : nameNode(after.universe, own);
    };
    deltas.push({ family, sources: from.map(name), destinations: to.map(name), ...change });
  };
  for (const [index, row] of rows) {
    const source = sources.list[index] as JointClass;
    forEachBit(row, (other) => {
      const destination = destinations.list[other] as JointClass;
      if (source.family !== destination.family || (source.isExternal && destination.isExternal)) return;
      compared++;
      const change = compare(
        source.before === -1 || destination.before === -1
          ? MISSING
          : before.judge.pair(source.before, destination.before),
        source.after === -1 || destination.after === -1 ? MISSING : after.judge.pair(source.after, destination.after),
      );
      if (change === null) return;
      for (const [from, to] of withoutResidents(source.nodes, destination.nodes, residents)) {
        emit(source.family, from, to, change);
      }
    });
  }
  for (const [from, others] of residents) {
    for (const to of others) {
      const outcome = (evaluator: Evaluator, nodes: Int32Array): number =>
        nodes[from] === -1 || nodes[to] === -1
          ? MISSING
          : pairOutcome(evaluator, nodes[from] as number, nodes[to] as number);
      compared++;
      const change = compare(outcome(before, joint.before), outcome(after, joint.after));
      if (change !== null) emit(joint.family[from] as Family, [from], [to], change);
    }
  }
  return { deltas, compared };
}

interface JointClass {
  /** The class on each side; -1: the side has no such node. */
  readonly before: number;
  readonly after: number;
  readonly family: Family;
  readonly isExternal: boolean;
  readonly nodes: number[];
}

interface JointClasses {
  readonly list: readonly JointClass[];
  readonly of: Int32Array;
}

function classify(
  joint: JointNodes,
  before: Evaluator,
  after: Evaluator,
  role: 'source' | 'destination',
): JointClasses {
  const numbers = new Map<number, number>();
  const list: JointClass[] = [];
  const of = new Int32Array(joint.before.length);
  const width = after.lookup[role].count + 1;
  for (let node = 0; node < of.length; node++) {
    const [b, a] = [joint.before[node] as number, joint.after[node] as number];
    const left = b === -1 ? -1 : (before.lookup[role].of[b] as number);
    const right = a === -1 ? -1 : (after.lookup[role].of[a] as number);
    const isExternal = b >= before.universe.firstExternal;
    const key = ((left + 1) * width + right + 1) * 2 + (isExternal ? 1 : 0);
    let number = numbers.get(key);
    if (number === undefined) {
      number = list.length;
      numbers.set(key, number);
      list.push({ before: left, after: right, family: joint.family[node] as Family, isExternal, nodes: [] });
    }
    (list[number] as JointClass).nodes.push(node);
    of[node] = number;
  }
  return { list, of };
}

function fullRectangle(joint: JointNodes): { readonly sources: Bitset; readonly destinations: Bitset } {
  const all = fullBitset(joint.before.length);
  return { sources: all, destinations: all };
}

/** The touched pairs by source class. */
function rowsOf(
  touched: readonly { readonly sources: Bitset; readonly destinations: Bitset }[],
  sources: JointClasses,
  destinations: JointClasses,
): ReadonlyMap<number, Bitset> {
  const rows = new Map<number, Bitset>();
  for (const rectangle of touched) {
    const own = classesIn(rectangle.destinations, destinations.of, destinations.list.length);
    forEachBit(classesIn(rectangle.sources, sources.of, sources.list.length), (source) => {
      const row = rows.get(source);
      if (row === undefined) rows.set(source, own.slice());
      else orInto(row, own);
    });
  }
  return rows;
}

interface Change {
  readonly gained: ServiceSet;
  readonly lost: ServiceSet;
}

/** Of a pair that a side does not have: nothing is allowed. */
const MISSING = -2;

function comparer(before: Evaluator, after: Evaluator): (a: number, b: number) => Change | null {
  const allowed = ({ judge }: Evaluator, id: number): ServiceSet =>
    id === MISSING ? NO_SERVICES : id === -1 ? ALL_SERVICES : judge.outcome(id).allow;
  const known = new Map<string, Change | null>();
  return (a, b) =>
    remember(known, `${a} ${b}`, () => {
      const [old, own] = [allowed(before, a), allowed(after, b)];
      if (servicesKey(old) === servicesKey(own)) return null;
      const change = { gained: subtractServices(own, old), lost: subtractServices(old, own) };
      return isNoServices(change.gained) && isNoServices(change.lost) ? null : change;
    });
}

/** By host node, the nodes of workloads on it on either side, where a dialect does not judge that (semantics §10). */
type Residents = ReadonlyMap<number, ReadonlySet<number>>;

function residentPairs(joint: JointNodes, before: Evaluator, after: Evaluator): Residents {
  const found = new Map<number, Set<number>>();
  for (const [{ universe, ruleset }, nodes] of [[before, joint.before] as const, [after, joint.after] as const]) {
    const exempts = ruleset.layers.filter(({ layer }) => layer.dialect.residentHostExempt);
    if (exempts.length === 0) continue;
    const indexOf = new Map<number, number>();
    for (const [index, node] of nodes.entries())
      if (node !== -1 && node < universe.firstExternal) indexOf.set(node, index);
    for (const [to, index] of indexOf) {
      const item = universe.nodes[to] as Node;
      const endpoint = item.kind === 'workload' ? universe.world.endpoints[item.endpoint] : undefined;
      const host = endpoint?.kind === 'workload' ? universe.hostIndex.get(endpoint.host ?? '') : undefined;
      for (const from of host === undefined ? [] : (universe.nodesOf[host] ?? [])) {
        const node = universe.nodes[from] as Node;
        const own = indexOf.get(from);
        if (own === undefined || node.family !== item.family) continue;
        if (exempts.some(residentExempt(universe, node, item)))
          remember(found, own, () => new Set<number>()).add(index);
      }
    }
  }
  return found;
}

/** The pairs of the nodes as rectangles, without those of residents. */
function withoutResidents(
  sources: readonly number[],
  destinations: readonly number[],
  residents: Residents,
): readonly (readonly [readonly number[], readonly number[]])[] {
  const special = sources.filter((source) => destinations.some((other) => residents.get(source)?.has(other) === true));
  if (special.length === 0) return [[sources, destinations]];
  const plain = sources.filter((source) => !special.includes(source));
  return [
    ...(plain.length === 0 ? [] : [[plain, destinations] as const]),
    ...special.map((source) => [[source], destinations.filter((other) => !residents.get(source)?.has(other))] as const),
  ];
}
