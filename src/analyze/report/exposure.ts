// Who can be reached from the internet, and who can reach it, in one flow: the exact services, and from (or to) which of
// its addresses. `internet` is what it is in policies: every address outside that is not internal.
import { groupBy } from '../../base/multimap.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import { fillOwned } from '../../evaluate/flow-rows.ts';
import type { Node } from '../../graph/universe.ts';
import { type AddressSet, complementAddresses, overlapsAddresses, unionAllAddresses } from '../../net/address-set.ts';
import {
  intersectServices,
  isNoServices,
  NO_SERVICES,
  overlapsServices,
  type ServiceSet,
  subtractServices,
  unionServices,
} from '../../net/services.ts';
import { placesOf } from '../reach/places.ts';
import { spread } from '../reach/spread.ts';
import { makeTraffic } from '../reach/traffic.ts';
import { type FlowWitness, witnessOf } from '../reach/witness.ts';
import { countedServices, type Kind } from './kinds.ts';
import type { Share } from './share.ts';

/** What workloads that are alike may say to some addresses of the internet, or these to them. */
export interface Exposed {
  /** Indexes of endpoints. */
  readonly members: readonly number[];
  readonly services: ServiceSet;
  /** Nothing of it is allowed for certain: it is unknown. */
  readonly isDoubtful: boolean;
  /** The addresses, without those that endpoints own in between. */
  readonly addresses: AddressSet;
  /** The rest of the internet, as far as it is of the families that the workloads have. */
  readonly others: AddressSet;
  readonly example: FlowWitness;
}

export interface Exposure {
  /** Workloads that no flow of the internet reaches, not even perhaps, of all. */
  readonly inward: Share;
  /** Workloads that reach nothing on the internet, of all. */
  readonly outward: Share;
  /** Workloads that no chain of flows from the internet reaches, of all. */
  readonly chains: Share;
  readonly from: readonly Exposed[];
  readonly to: readonly Exposed[];
}

/** Atoms of addresses that the judge takes for one. */
interface Outside {
  readonly class: number;
  readonly family: 4 | 6;
  readonly nodes: readonly number[];
}

export function findExposure(evaluator: Evaluator, kinds: readonly Kind[]): Exposure {
  const atoms = internetNodes(evaluator);
  const from = exposedAt(evaluator, kinds, atoms, 'source');
  const to = exposedAt(evaluator, kinds, atoms, 'destination');
  const of = kinds.reduce((sum, { members }) => sum + members.length, 0);
  const touched = (list: readonly Exposed[]): number => new Set(list.flatMap(({ members }) => [...members])).size;
  return {
    inward: { part: of - touched(from), of },
    outward: { part: of - touched(to), of },
    chains: { part: of - reachedFrom(evaluator, atoms), of },
    from,
    to,
  };
}

/** Addresses outside that are not internal, and not those of services: these mean their backends. */
export function internetNodes({ universe }: Evaluator): readonly number[] {
  const internet = complementAddresses(universe.internal);
  const { of } = placesOf(universe);
  return universe.nodes.flatMap((node, index) =>
    node.kind === 'external' && of[index] !== -1 && overlapsAddresses(node.range, internet) ? [index] : [],
  );
}

function reachedFrom(evaluator: Evaluator, atoms: readonly number[]): number {
  const { of } = placesOf(evaluator.universe);
  const traffic = makeTraffic(evaluator, 0, null);
  const origin = atoms.map((node) => of[node] as number);
  const found = spread(evaluator, { direction: 'from', origin, traffic, hops: null, countsMaybe: true });
  return [...found.level].filter((level, place) => level > 0 && found.places.kind(place) === 'workload').length;
}

/** `role`: what the internet is. */
function exposedAt(
  evaluator: Evaluator,
  kinds: readonly Kind[],
  atoms: readonly number[],
  role: 'source' | 'destination',
): readonly Exposed[] {
  const { universe, lookup, judge } = evaluator;
  const counted = countedServices(evaluator);
  const outside = outsideOf(evaluator, atoms, role);
  const rows = role === 'source' ? outside.map((own) => judge.row(own.class)) : [];
  return kinds.flatMap((kind) => {
    const found = kind.nodes.flatMap((node) => {
      const { family } = universe.nodes[node] as Node;
      const row = role === 'source' ? null : judge.row(lookup.source.of[node] as number);
      return outside.flatMap((own, index) => {
        if (own.family !== family) return [];
        const id =
          row === null ? (rows[index]?.[lookup.destination.of[node] as number] as number) : (row[own.class] as number);
        const outcome = id === -1 ? { allow: counted, unknown: NO_SERVICES } : judge.outcome(id);
        return [{ node, outside: own, allow: outcome.allow, unknown: intersectServices(outcome.unknown, counted) }];
      });
    });
    const families = new Set(found.map((item) => item.outside.family));
    const all = outside.filter(({ family }) => families.has(family));
    const join = (of: 'allow' | 'unknown'): readonly Exposed[] =>
      joinSame(found.filter((item) => !isNoServices(item[of])).map((item) => ({ ...item, services: item[of] }))).map(
        ({ parts, services }) => {
          const own = [...new Set(parts.map((part) => part.outside))];
          const first = parts[0] as (typeof parts)[number];
          const atom = first.outside.nodes[0] as number;
          const [a, b] = role === 'source' ? [atom, first.node] : [first.node, atom];
          return {
            members: kind.members,
            services,
            isDoubtful: of === 'unknown',
            addresses: addressesOf(evaluator, own),
            others: addressesOf(
              evaluator,
              all.filter((item) => !own.includes(item)),
            ),
            example: witnessOf(evaluator, a, b, intersectServices(first.services, services)),
          };
        },
      );
    const allowed = join('allow');
    return allowed.length > 0 ? allowed : join('unknown');
  });
}

interface Part {
  readonly node: number;
  readonly outside: Outside;
  readonly services: ServiceSet;
}

/** Services that the same addresses carry are one entry; the entries of one workload share no service. */
function joinSame(
  parts: readonly Part[],
): readonly { readonly services: ServiceSet; readonly parts: readonly Part[] }[] {
  const has = (part: Part, services: ServiceSet): boolean => overlapsServices(part.services, services);
  const cells = parts.reduce<readonly ServiceSet[]>((known, { services }) => {
    const rest = known.reduce(subtractServices, services);
    const split = known.flatMap((cell) => [intersectServices(cell, services), subtractServices(cell, services)]);
    return [...split, rest].filter((cell) => !isNoServices(cell));
  }, []);
  const bySame = groupBy(cells, (cell) =>
    [...new Set(parts.filter((part) => has(part, cell)).map(({ outside }) => outside.class))].join(' '),
  );
  return [...bySame.values()].map((same) => {
    const services = same.reduce(unionServices);
    return { services, parts: parts.filter((part) => has(part, services)) };
  });
}

function outsideOf(
  { universe, lookup }: Evaluator,
  atoms: readonly number[],
  role: 'source' | 'destination',
): readonly Outside[] {
  const classes = groupBy(atoms, (node) => lookup[role].of[node] as number);
  return [...classes].map(([own, nodes]) => ({
    class: own,
    family: (universe.nodes[nodes[0] as number] as Node).family,
    nodes,
  }));
}

function addressesOf({ universe }: Evaluator, outside: readonly Outside[]): AddressSet {
  const ranges = outside.flatMap(({ nodes }) =>
    nodes.map((node) => (universe.nodes[node] as Node & { readonly kind: 'external' }).range),
  );
  return fillOwned(unionAllAddresses(ranges), universe.owned);
}
