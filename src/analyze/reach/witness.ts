// Turns a pair of nodes and a set of services into something that can be checked by hand: one question with addresses and
// ports, put to `decide` again. A witness that `decide` does not confirm would be a bug of ours.
import { invariant } from '../../base/invariant.ts';
import { type Decision, decide, decideNodes } from '../../evaluate/decide.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { resolveEndpoint } from '../../graph/resolve.ts';
import type { Node, Universe } from '../../graph/universe.ts';
import { ownerKey } from '../../graph/universe.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import { type Address, formatAddress } from '../../net/address.ts';
import { type AddressSet, singleAddress, subtractAddresses, unionAllAddresses } from '../../net/address-set.ts';
import { pickService, type ServicePoint, type ServiceSet } from '../../net/services.ts';

/** One flow, and what is decided about it. */
export interface FlowWitness {
  readonly question: Question & { readonly service: ServicePoint };
  /** Who the ends are, in words: an id, with the address where the machine has several; an address outside. */
  readonly source: string;
  readonly destination: string;
  readonly decision: Decision;
}

/** A flow of the services from node to node, which must not be none, decided. */
export function witnessOf(evaluator: Evaluator, from: number, to: number, services: ServiceSet): FlowWitness {
  const service = pickService(services);
  invariant(service !== null, 'a witness needs a service');
  const { universe } = evaluator;
  const family = (universe.nodes[from] as Node).family;
  const question = { source: refOf(universe, from), destination: refOf(universe, to), family, service };
  const exact = decideNodes(evaluator, [from], [to], family, service);
  const isExact = [question.source, question.destination].every((ref, i) =>
    isOnly(universe, ref, i === 0 ? from : to, family),
  );
  const decision = isExact ? decide(evaluator, question) : exact;
  invariant(decision.verdict === exact.verdict, 'a witness is decided as the pair of nodes that it stands for');
  return { question, source: nameNode(universe, from), destination: nameNode(universe, to), decision };
}

/** The rules that made the decision, in path order; those of tiers' defaults have none. */
export function rulesOf({ points, verdict }: Decision): readonly string[] {
  const own = points.filter((point) => point.verdict === verdict);
  return [...new Set(own.flatMap(({ rule, rules }) => (rules.length > 0 ? rules : rule === null ? [] : [rule])))];
}

/** What decided where no rule did; null where one did. */
export function unruled({ points, verdict, reason }: Decision): string | null {
  if (reason !== null) return reason;
  const own = points.find((point) => point.verdict === verdict && point.rule === null);
  return own === undefined ? null : `the default of tier \`${own.tier}\``;
}

/** An endpoint of a question that means the node, and in its family nothing else wherever there is such a text. */
function refOf(universe: Universe, index: number): EndpointRef {
  const node = universe.nodes[index] as Node;
  if (node.kind === 'external') return { kind: 'address', address: outsideAddress(universe, node) };
  const endpoint = universe.world.endpoints[node.endpoint];
  const id = endpoint?.id ?? '';
  const ref: EndpointRef =
    endpoint?.kind !== 'workload' || node.kind === 'host'
      ? { kind: 'host', id }
      : { kind: 'workload', id, interface: endpoint.interfaces[node.interface]?.name ?? null };
  const { address } = node;
  if (address === null || isOnly(universe, ref, index, node.family)) return ref;
  return universe.owners.get(ownerKey(address))?.length === 1 ? { kind: 'address', address } : ref;
}

function isOnly(universe: Universe, ref: EndpointRef, node: number, family: 4 | 6): boolean {
  const found = resolveEndpoint(universe, ref);
  if (found.kind !== 'nodes') return false;
  const own = found.nodes.filter((item) => universe.nodes[item]?.family === family);
  return own.length === 1 && own[0] === node;
}

/** The first address of the range that is no service address: a question about one of those is about its backends. */
function outsideAddress({ world }: Universe, { family, range }: Node & { readonly kind: 'external' }): Address {
  const services = [...world.serviceAddresses.values()].flatMap(({ service }) => service.addresses);
  const free: AddressSet =
    services.length === 0 ? range : subtractAddresses(range, unionAllAddresses(services.map(singleAddress)));
  return family === 4
    ? { family, value: free.v4[0] ?? range.v4[0] ?? 0 }
    : { family, value: free.v6[0] ?? range.v6[0] ?? 0n };
}

/** A node in words. */
export function nameNode(universe: Universe, index: number): string {
  const node = universe.nodes[index] as Node;
  if (node.kind === 'external') return formatAddress(outsideAddress(universe, node));
  const id = universe.world.endpoints[node.endpoint]?.id ?? '';
  const others = universe.nodesOf[node.endpoint] as readonly number[];
  return others.length > 1 && node.address !== null ? `${id} (${formatAddress(node.address)})` : id;
}
