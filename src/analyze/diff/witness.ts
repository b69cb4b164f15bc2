// Picks one flow out of a rectangle and has it decided again on both sides, by name, as a user would ask: a witness.

import { type Decision, decide, decideNodes, undecided } from '../../evaluate/decide.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import { type Address, type Family, formatAddress } from '../../net/address.ts';
import { type AddressSet, containsAddress, NO_ADDRESSES } from '../../net/address-set.ts';
import { isNoServices, NO_SERVICES, pickService, type ServicePoint, type ServiceSet } from '../../net/services.ts';
import type { DiffRow, Side, SideDecision } from './diff-row.ts';
import type { Face, Faces, JointEndpoint } from './faces.ts';
import type { FamilySets } from './relation.ts';

export interface Sides {
  readonly faces: Faces;
  readonly before: Evaluator;
  readonly after: Evaluator;
}

export type Witness = Pick<DiffRow, 'witness' | 'decidedBy'>;

/** A pair of faces and a family in which they have some of the services; null: they are no pair, or have none. */
export function pairUp(
  { faces }: Sides,
  sources: readonly number[],
  destinations: readonly number[],
  services: FamilySets,
): { readonly source: number; readonly destination: number; readonly family: Family } | null {
  for (const source of sources) {
    for (const destination of destinations) {
      const [from, to] = [faces.faces[source] as Face, faces.faces[destination] as Face];
      if (from.endpoint === to.endpoint) continue;
      for (const family of [4, 6] as const) {
        if (from.nodes[family] === null || to.nodes[family] === null) continue;
        if (!isNoServices(servicesIn(services, family))) return { source, destination, family };
      }
    }
  }
  return null;
}

/** One of the services of either kind; where all families have one, that. */
function servicesIn({ common, only4, only6 }: FamilySets, family: Family): ServiceSet {
  return isNoServices(common) ? (family === 4 ? only4 : only6) : common;
}

/** Decides one flow between the faces on both sides. `allows`: the side that allows it. */
export function witnessOf(
  sides: Sides,
  source: number,
  destination: number,
  family: Family,
  services: FamilySets,
  allows: Side,
): Witness {
  const [from, to] = [sides.faces.faces[source] as Face, sides.faces.faces[destination] as Face];
  const service = pickFor(servicesIn(services, family), family);
  let fallback: Witness | null = null;
  for (const a of refsOf(sides, from, family)) {
    for (const b of refsOf(sides, to, family)) {
      const ask = (side: Side): Decision | null => {
        const [own, other] = [a[side], b[side]];
        return own === null || other === null ? null : decide(sides[side], question(own, other));
      };
      const [was, is] = [ask('before'), ask('after')];
      const witness: Witness = {
        witness: question(a[allows] as EndpointRef, b[allows] as EndpointRef),
        decidedBy: {
          before: answerOf(was ?? undecided(missing(a.before === null ? a.after : b.after))),
          after: answerOf(is ?? undecided(missing(a.after === null ? a.before : b.before))),
        },
      };
      const denies = allows === 'before' ? 'after' : 'before';
      if (witness.decidedBy[allows].verdict === 'allow' && witness.decidedBy[denies].verdict !== 'allow')
        return witness;
      fallback ??= witness;
    }
  }
  // No name says which of several addresses is meant: then what the nodes themselves say stands.
  const decided = (side: Side): SideDecision => {
    const [x, y] = [from.nodes[family]?.[side] ?? -1, to.nodes[family]?.[side] ?? -1];
    return answerOf(
      x === -1 || y === -1 ? undecided('it has no such address') : decideNodes(sides[side], [x], [y], family, service),
    );
  };
  return { witness: (fallback as Witness).witness, decidedBy: { before: decided('before'), after: decided('after') } };

  function question(own: EndpointRef, other: EndpointRef): Question {
    return { source: own, destination: other, family, service };
  }
}

function answerOf({ verdict, reason, points }: Decision): SideDecision {
  return { verdict, reason, points };
}

/** A service that the family carries, if there is one. */
function pickFor(services: ServiceSet, family: Family): ServicePoint {
  const foreign = family === 4 ? 'icmp6' : 'icmp';
  const own = { ...services, [foreign]: NO_SERVICES[foreign] };
  return (pickService(isNoServices(own) ? services : own) ?? pickService(services)) as ServicePoint;
}

/** How each side names an end; null: the side does not know it. */
type Ref = Readonly<Record<Side, EndpointRef | null>>;

function refsOf(sides: Sides, face: Face, family: Family): readonly Ref[] {
  const same = (ref: EndpointRef): Ref => ({ before: ref, after: ref });
  const byAddress = (address: Address): Ref => same({ kind: 'address', address });
  if (face.range !== null) return addressesIn(face.range, family).map(byAddress);
  const joint = sides.faces.endpoints[face.endpoint] as JointEndpoint;
  const nameOn = (side: Side): EndpointRef | null => {
    const endpoint = sides[side].universe.world.endpoints[joint[side]];
    if (endpoint === undefined) return null;
    if (endpoint.kind === 'host') return { kind: 'host', id: endpoint.id };
    return { kind: 'workload', id: endpoint.id, interface: face.interface };
  };
  const byName: Ref = { before: nameOn('before'), after: nameOn('after') };
  return face.address === null ? [byName] : [byAddress(face.address), byName];
}

/** Addresses for documentation (RFC 5737, RFC 3849): nobody takes them for somebody's. */
const EXAMPLES: readonly Address[] = [
  { family: 4, value: 0xc6336407 },
  { family: 6, value: 0x20010db8n * 2n ** 96n + 7n },
];

/** External faces, those first out of which an address for documentation can be taken. */
export function plainFirst({ faces }: Sides, external: readonly number[]): readonly number[] {
  const isPlain = (index: number): boolean =>
    EXAMPLES.some((address) => containsAddress(faces.faces[index]?.range ?? NO_ADDRESSES, address));
  return [...external.filter(isPlain), ...external.filter((index) => !isPlain(index))];
}

/** A few addresses of a range to choose from, the plainest first: that of a service address would not do. */
function addressesIn(range: AddressSet, family: Family): readonly Address[] {
  const shown = EXAMPLES.filter((address) => address.family === family && containsAddress(range, address));
  const starts: Address[] =
    family === 4
      ? pairsOf(range.v4).flatMap(([lo, hi]) => [lo + 1, lo, hi].map((value) => ({ family: 4 as const, value })))
      : pairsOf(range.v6).flatMap(([lo, hi]) => [lo + 1n, lo, hi].map((value) => ({ family: 6 as const, value })));
  return [...shown, ...starts.filter((address) => containsAddress(range, address))].slice(0, 30);
}

function pairsOf<T>(flat: readonly T[]): readonly (readonly [T, T])[] {
  const pairs: (readonly [T, T])[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] as T, flat[i + 1] as T]);
  return pairs;
}

function missing(ref: EndpointRef | null): string {
  const name = ref === null ? '' : ref.kind === 'address' ? formatAddress(ref.address) : ref.id;
  return `\`${name}\` is not there`;
}
