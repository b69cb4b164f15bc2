// Where two versions of a world differ: flows that one allows, rejects, drops or cannot know, and the other does not.
// Exact over all pairs of nodes and all services, by the outcomes that the evaluator computes for flow tables.

import type { Evaluator } from '../../src/evaluate/evaluator.ts';
import type { Outcome } from '../../src/evaluate/outcome.ts';
import { pairOutcome } from '../../src/evaluate/pair-services.ts';
import type { Node } from '../../src/graph/universe.ts';
import type { EndpointRef, Question } from '../../src/model/question.ts';
import { type Address, type Family, formatAddress } from '../../src/net/address.ts';
import {
  ALL_SERVICES,
  isNoServices,
  NO_SERVICES,
  pickService,
  type ServiceSet,
  servicesKey,
  subtractServices,
} from '../../src/net/services.ts';
import { externalAddresses } from './pools.ts';

/** An end that both versions have, by a name that does not depend on numbering. */
export interface End {
  readonly ref: EndpointRef;
  readonly family: Family;
  readonly node: number;
}

/** Ends by name: every node of workloads and hosts, and the external addresses of the pool. */
export function endsOf({ universe }: Evaluator): ReadonlyMap<string, End> {
  const ends = new Map<string, End>();
  const ambiguous = new Set<string>();
  for (const [node, item] of universe.nodes.entries()) {
    if (item.kind === 'external') continue;
    const ref = refOf(universe, item);
    const name = `${JSON.stringify(ref)} ${item.family}`;
    if (ends.has(name)) ambiguous.add(name);
    ends.set(name, { ref, family: item.family, node });
  }
  // A question about an interface with two addresses of one family is about both.
  for (const name of ambiguous) ends.delete(name);
  for (const address of externalAddresses) {
    const node = universe.nodes.findIndex((item) => item.kind === 'external' && isIn(item, address));
    ends.set(formatAddress(address), { ref: { kind: 'address', address }, family: address.family, node });
  }
  return ends;
}

function refOf({ world }: Evaluator['universe'], node: Exclude<Node, { kind: 'external' }>): EndpointRef {
  const endpoint = world.endpoints[node.endpoint];
  if (endpoint?.kind !== 'workload' || node.kind !== 'workload') return { kind: 'host', id: endpoint?.id ?? '' };
  return { kind: 'workload', id: endpoint.id, interface: endpoint.interfaces[node.interface]?.name ?? null };
}

/** Whether the address is one of the external node. */
export function isIn(node: Node & { readonly kind: 'external' }, { family, value }: Address): boolean {
  const flat: readonly (number | bigint)[] = family === 4 ? node.range.v4 : node.range.v6;
  return flat.some((lo, i) => i % 2 === 0 && lo <= value && value <= (flat[i + 1] as number | bigint));
}

const unjudged: Outcome = { allow: ALL_SERVICES, drop: NO_SERVICES, reject: NO_SERVICES, unknown: NO_SERVICES };

interface Table {
  readonly ends: ReadonlyMap<string, End>;
  outcome(source: End, destination: End): { readonly outcome: Outcome; readonly key: string };
}

/** The outcomes of a version, each with a text that is equal where the outcome is. */
export function tableOf(evaluator: Evaluator): Table {
  const known = new Map<number, { readonly outcome: Outcome; readonly key: string }>();
  return {
    ends: endsOf(evaluator),
    outcome(source, destination) {
      const id = pairOutcome(evaluator, source.node, destination.node);
      let entry = known.get(id);
      if (entry === undefined) {
        const outcome = id === -1 ? unjudged : evaluator.judge.outcome(id);
        const key = [outcome.allow, outcome.drop, outcome.reject].map(servicesKey).join(' | ');
        entry = { outcome, key };
        known.set(id, entry);
      }
      return entry;
    },
  };
}

/** A flow that the two versions answer differently, or null if there is none. */
export function findDifference(a: Table, b: Table): Question | null {
  for (const [name, source] of a.ends) {
    const other = b.ends.get(name);
    if (other === undefined) continue;
    for (const [to, destination] of a.ends) {
      if (source.family !== destination.family || sameEndpoint(source.ref, destination.ref)) continue;
      const otherDestination = b.ends.get(to);
      if (otherDestination === undefined) continue;
      const [one, two] = [a.outcome(source, destination), b.outcome(other, otherDestination)];
      if (one.key === two.key) continue;
      const service = pickService(differing(one.outcome, two.outcome));
      if (service === null) continue;
      return { source: source.ref, destination: destination.ref, family: source.family, service };
    }
  }
  return null;
}

function differing(a: Outcome, b: Outcome): ServiceSet {
  for (const verdict of ['allow', 'drop', 'reject', 'unknown'] as const) {
    const only = subtractServices(a[verdict], b[verdict]);
    if (!isNoServices(only)) return only;
  }
  return NO_SERVICES;
}

function sameEndpoint(a: EndpointRef, b: EndpointRef): boolean {
  return a.kind !== 'address' && a.kind === b.kind && 'id' in b && a.id === b.id;
}
