// Random points of random worlds, and what the evaluator says at them about a pair of nodes: the other side of
// comparisons with `decideAtPoint`.

import type { Snapshot } from '../../../src/engine/pipeline.ts';
import { decidePoint } from '../../../src/evaluate/decide.ts';
import { isSelf, residentExempt } from '../../../src/evaluate/evaluator.ts';
import { servicesOf } from '../../../src/evaluate/services-of.ts';
import { tracePair } from '../../../src/evaluate/trace.ts';
import type { PointScope } from '../../../src/exporters/bundle/guarded.ts';
import type { WorkloadEndpoint } from '../../../src/graph/merge.ts';
import { spaceOf } from '../../../src/graph/resolve.ts';
import { type Node, ownerKey } from '../../../src/graph/universe.ts';
import type { Layer } from '../../../src/model/layer.ts';
import type { Direction, Verdict } from '../../../src/model/policy.ts';
import type { Address } from '../../../src/net/address.ts';
import type { ServicePoint } from '../../../src/net/services.ts';
import type { Chance } from '../../properties/edits.ts';
import { address } from '../../properties/pools.ts';

export const nothing: PointScope = { hosts: [], sites: [], segments: [], workloads: [] };

/** Some of the places that worlds have, and now and then one that they do not. */
export function drawScope(layers: readonly Layer[], draw: Chance): PointScope {
  const some = (ids: readonly string[]): readonly string[] => ids.filter(() => draw(3) === 0);
  const all = layers.flatMap(({ world }) => world.workloads.map(({ id }) => id));
  switch (draw(4)) {
    case 0:
      return { ...nothing, hosts: ['h0', 'nowhere'] };
    case 1:
      return { ...nothing, segments: ['seg0', 'seg2'] };
    case 2:
      return { ...nothing, sites: ['west'], workloads: some(all) };
    default:
      return { ...nothing, workloads: some(all) };
  }
}

/** The same worlds with some interfaces in address spaces of their own, so that addresses have several owners. */
export function withSpaces(layers: readonly Layer[], draw: Chance): readonly Layer[] {
  return layers.map((layer) => ({
    ...layer,
    world: {
      ...layer.world,
      workloads: layer.world.workloads.map((workload) => ({
        ...workload,
        interfaces: workload.interfaces.map((face) => {
          const space = ['blue', 'red', null][draw(3)] ?? null;
          const addresses = face.addresses.map((own) =>
            own.family === 4 && draw(3) === 0 ? address('10.0.0.200') : own,
          );
          return { ...face, space, addresses };
        }),
      })),
    },
  }));
}

export interface Expected {
  readonly verdict: Verdict;
  readonly layers: readonly { readonly layer: string; readonly verdict: Verdict; readonly rules: readonly string[] }[];
}

/** What the evaluator says of a service from node to node at one end of it. */
export function expectedAt(
  { evaluator }: Snapshot,
  source: number,
  destination: number,
  direction: Direction,
  service: ServicePoint,
): Expected {
  const { universe, lookup } = evaluator;
  const [a, b] = [universe.nodes[source] as Node, universe.nodes[destination] as Node];
  if (isSelf(a, b)) return { verdict: 'allow', layers: [] };
  const trace = tracePair(lookup, source, destination, servicesOf(service), residentExempt(universe, a, b));
  const layers = trace.points
    .filter((point) => point.direction === direction)
    .map((point) => {
      const { verdict, rules } = decidePoint(evaluator, trace, point, service);
      return { layer: point.layer.layer.name, verdict, rules };
    });
  const order = ['drop', 'reject', 'unknown', 'allow'] as const;
  const verdict = order.find((one) => layers.some((layer) => layer.verdict === one)) ?? 'allow';
  return { verdict, layers };
}

/** The nodes that a packet with the node's address may be of, seen from the other node. */
export function meantBy({ evaluator: { universe } }: Snapshot, node: number, from: number): readonly number[] {
  const item = universe.nodes[node] as Node;
  if (item.kind === 'external' || item.address === null) return [node];
  const owners = universe.owners.get(ownerKey(item.address)) ?? [];
  const inside = owners.filter((owner) => spaceOf(universe, owner) === spaceOf(universe, from));
  return inside.length === 0 ? owners : inside;
}

/** An address by which a node is seen; null: it has none that is known. */
export function seenAs(node: Node, draw: Chance): Address | null {
  if (node.kind !== 'external') return node.address;
  if (node.family === 6) return { family: 6, value: node.range.v6[draw(node.range.v6.length)] as bigint };
  return { family: 4, value: node.range.v4[draw(node.range.v4.length)] as number };
}

export function faceOf({ evaluator: { universe } }: Snapshot, node: number): { workload: string; interface: string } {
  const item = universe.nodes[node] as Node & { readonly kind: 'workload' };
  const endpoint = universe.world.endpoints[item.endpoint] as WorkloadEndpoint;
  return { workload: endpoint.id, interface: endpoint.interfaces[item.interface]?.name ?? '' };
}
