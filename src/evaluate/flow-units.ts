// What a flow table has rows for: workloads, or the controllers that own them, or groups, or classes.

import { hasBit, membersOf } from '../base/bitset.ts';
import { addTo } from '../base/multimap.ts';
import { compareText } from '../base/order.ts';
import type { TriSet } from '../base/tri-set.ts';
import type { Endpoint } from '../graph/merge.ts';
import type { WorkloadKind } from '../model/workload.ts';
import type { Evaluator } from './evaluator.ts';

export type FlowsBy = 'workload' | 'owner' | 'group' | 'class';

/** An end of a row, as it stands in the JSON document. */
export type Entity =
  | { readonly kind: WorkloadKind | 'host'; readonly id: string; readonly owner?: string }
  | { readonly kind: 'group' | 'class'; readonly id: string }
  | { readonly kind: 'external'; readonly ranges: readonly string[] };

/** An end of rows, and its nodes. Pairs of a unit with itself are left out. */
export interface FlowUnit {
  readonly entity: Entity;
  readonly nodes: readonly number[];
}

/** Workloads and hosts one by one; sorted by id. `within` limits them. */
export function workloadUnits(evaluator: Evaluator, within: TriSet | null): readonly FlowUnit[] {
  const { universe } = evaluator;
  const units = universe.world.endpoints.map((endpoint, index) => ({
    entity: entityOf(endpoint),
    nodes: keep(universe.nodesOf[index] as readonly number[], within),
  }));
  return sortUnits(units.filter((unit) => unit.nodes.length > 0));
}

/** Workloads of one owner as one, where no rule tells them apart; the others one by one. */
export function ownerUnits(evaluator: Evaluator, within: TriSet | null): readonly FlowUnit[] {
  const { universe, lookup } = evaluator;
  const owned = new Map<string, number[]>();
  const units: FlowUnit[] = [];
  for (const [index, endpoint] of universe.world.endpoints.entries()) {
    const owner = endpoint.kind === 'workload' ? endpoint.owner : null;
    addTo(owned, owner === null ? `endpoint ${index}` : `owner ${ownerId(endpoint)} ${owner.kind}`, index);
  }
  const signature = (index: number): string =>
    (universe.nodesOf[index] as readonly number[])
      .map((node) => `${lookup.source.of[node]}/${lookup.destination.of[node]}`)
      .join(' ');
  for (const members of owned.values()) {
    const agree = new Set(members.map(signature)).size === 1;
    for (const part of agree ? [members] : members.map((index) => [index])) {
      const first = universe.world.endpoints[part[0] as number] as Endpoint;
      const entity = entityOf(first);
      const nodes = keep(
        standIns(evaluator, part).flatMap((index) => universe.nodesOf[index] as readonly number[]),
        within,
      );
      if (nodes.length > 0) units.push({ entity: agree ? { ...entity, id: ownerId(first) } : entity, nodes });
    }
  }
  return sortUnits(units);
}

/** Where replicas agree one stands for all; one on each host, where it matters to a host who is resident there. */
function standIns({ universe, ruleset }: Evaluator, replicas: readonly number[]): readonly number[] {
  if (!ruleset.layers.some(({ layer }) => layer.dialect.residentHostExempt)) return replicas.slice(0, 1);
  const hosts = new Set<string | null>();
  return replicas.filter((index) => {
    const endpoint = universe.world.endpoints[index] as Endpoint;
    const host = endpoint.kind === 'workload' ? endpoint.host : endpoint.id;
    if (hosts.has(host)) return false;
    hosts.add(host);
    return true;
  });
}

/** Groups of every layer, without their external addresses: those are rows of their own. */
export function groupUnits(evaluator: Evaluator, within: TriSet | null): readonly FlowUnit[] {
  const { universe, membership } = evaluator;
  const units = universe.layers.flatMap((layer, index) =>
    [...layer.groups.values()].map((group) => ({
      entity: { kind: 'group' as const, id: group.id },
      nodes: keep(
        membersOf(membership.evaluate(index, { kind: 'group', group: group.id, span: null }).sure).filter(
          (node) => node < universe.firstExternal,
        ),
        within,
      ),
    })),
  );
  return sortUnits(units.filter((unit) => unit.nodes.length > 0));
}

export function entityOf(endpoint: Endpoint): Exclude<Entity, { kind: 'external' }> {
  if (endpoint.kind === 'host') return { kind: 'host', id: endpoint.id };
  const { workloadKind: kind, id, owner } = endpoint;
  return owner === null ? { kind, id } : { kind, id, owner: owner.kind };
}

/** The id of what an owner makes: its name, in the namespace of the workload if it has one. */
export function ownerId(endpoint: Endpoint): string {
  if (endpoint.kind === 'host' || endpoint.owner === null) return endpoint.id;
  const namespace = [...endpoint.views.values()].find((view) => view.namespace !== null)?.namespace;
  return namespace === undefined || namespace === null ? endpoint.owner.name : `${namespace}/${endpoint.owner.name}`;
}

function keep(nodes: readonly number[], within: TriSet | null): readonly number[] {
  if (within === null) return nodes;
  return nodes.filter((node) => hasBit(within.possible, node));
}

function sortUnits(units: readonly FlowUnit[]): readonly FlowUnit[] {
  const id = ({ entity }: FlowUnit): string => (entity.kind === 'external' ? '' : entity.id);
  return [...units].sort((a, b) => compareText(id(a), id(b)) || compareText(a.entity.kind, b.entity.kind));
}
