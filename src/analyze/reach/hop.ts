// One hop of a chain as an answer shows it: between whom, on which services, and what decides one of its flows.
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { type Entity, entityOf } from '../../evaluate/flow-units.ts';
import type { Endpoint } from '../../graph/merge.ts';
import type { Node } from '../../graph/universe.ts';
import { toRanges, unionAllAddresses } from '../../net/address-set.ts';
import type { ServiceSet } from '../../net/services.ts';
import type { Step } from './search.ts';
import type { Traffic } from './traffic.ts';
import { type FlowWitness, witnessOf } from './witness.ts';

export interface ReachHop {
  readonly source: Entity;
  readonly destination: Entity;
  /** Those asked about that are allowed; where none is, those that are unknown. */
  readonly services: ServiceSet;
  /** One flow of them, decided. */
  readonly witness: FlowWitness;
}

export function makeHop(evaluator: Evaluator, [from, to]: Step, traffic: Traffic): ReachHop {
  const services = traffic.between(from, to);
  return {
    source: entityOfNodes(evaluator, [from]),
    destination: entityOfNodes(evaluator, [to]),
    services,
    witness: witnessOf(evaluator, from, to, services),
  };
}

/** The machine of the first node, or the addresses of all of them. */
export function entityOfNodes({ universe }: Evaluator, nodes: readonly number[]): Entity {
  const [first] = nodes.map((node) => universe.nodes[node] as Node);
  if (first !== undefined && first.kind !== 'external') {
    return entityOf(universe.world.endpoints[first.endpoint] as Endpoint);
  }
  const ranges = nodes.flatMap((node) => {
    const item = universe.nodes[node];
    return item?.kind === 'external' ? [item.range] : [];
  });
  return { kind: 'external', ranges: toRanges(unionAllAddresses(ranges)) };
}
