// The comparison of two worlds by brute force: every pair of ends, one after the other, judged on both sides; and the
// rows of a diff expanded to the same pairs. Written from docs/diff.md; shares nothing with the diff but the evaluator.

import type { DiffEnd, DiffPart, DiffRow } from '../../../src/analyze/diff/diff-row.ts';
import { hasBit } from '../../../src/base/bitset.ts';
import type { Evaluator } from '../../../src/evaluate/evaluator.ts';
import { pairOutcome } from '../../../src/evaluate/pair-services.ts';
import type { FlowService } from '../../../src/evaluate/row-services.ts';
import type { WorkloadEndpoint } from '../../../src/graph/merge.ts';
import { type Address, type Family, formatAddress } from '../../../src/net/address.ts';
import { containsAddress, parseAddresses } from '../../../src/net/address-set.ts';
import { fromServiceRows } from '../../../src/net/service-rows.ts';
import {
  ALL_SERVICES,
  NO_SERVICES,
  type ServiceSet,
  servicesKey,
  subtractServices,
} from '../../../src/net/services.ts';

/** A place where flows begin and end, in one family. */
export interface End {
  /** null: external. */
  readonly endpoint: string | null;
  readonly interface: string | null;
  /** Of an interface with several addresses of the family, or an external one. */
  readonly address: Address | null;
  readonly family: Family;
  /** Nodes; -1: none. */
  readonly before: number;
  readonly after: number;
  /** All nodes of the interface, or of the one address of it that is meant, in both families: who it is. */
  readonly own: { readonly before: readonly number[]; readonly after: readonly number[] };
}

/** Ends of both sides; one external address for every range that could matter. */
export function endsOf(before: Evaluator, after: Evaluator): readonly End[] {
  const ends: End[] = [];
  const sides = [namesOn(before), namesOn(after)] as const;
  for (const endpoint of new Set([...sides[0].keys(), ...sides[1].keys()])) {
    const own = sides.map((side) => side.get(endpoint) ?? new Map<string, readonly number[]>());
    const isSole = own.every((interfaces) => interfaces.size <= 1);
    const names = isSole ? ['only'] : [...new Set(own.flatMap((interfaces) => [...interfaces.keys()]))];
    for (const name of names) {
      const [left, right] = own.map((list) => (isSole ? [...list.values()][0] : list.get(name)) ?? []) as [number[], number[]]; // biome-ignore format: one step
      const pairs = ([4, 6] as const).map((family) => pairUp(before, after, family, left, right));
      const isPlain = pairs.every((list) => list.length <= 1);
      const known = ({ universe }: Evaluator, nodes: readonly number[]): readonly number[] =>
        nodes.filter((node) => node !== -1 && node < universe.firstExternal);
      const whole = { before: known(before, pairs.flat().map(([b]) => b)), after: known(after, pairs.flat().map(([, a]) => a)) }; // biome-ignore format: one step
      for (const [i, list] of pairs.entries()) {
        for (const [b, a] of list) {
          const address = addressOf(after, a) ?? addressOf(before, b);
          ends.push({ endpoint, interface: isSole ? null : name, address: isPlain ? null : address, family: i === 0 ? 4 : 6, before: b, after: a, own: isPlain ? whole : { before: known(before, [b]), after: known(after, [a]) } }); // biome-ignore format: one step
        }
      }
    }
  }
  const addresses = new Map<string, Address>();
  for (const { universe } of [before, after]) {
    for (const node of universe.nodes) {
      if (node.kind !== 'external') continue;
      const flat: readonly (number | bigint)[] = node.family === 4 ? node.range.v4 : node.range.v6;
      for (let i = 0; i < flat.length; i += 2) {
        const address = { family: node.family, value: flat[i] } as Address;
        addresses.set(formatAddress(address), address);
      }
    }
  }
  const seen = new Set<string>();
  for (const address of [...addresses.values()].reverse()) {
    const [b, a] = [outsideOf(before, address), outsideOf(after, address)];
    if (b === -1 || a === -1 || seen.has(`${b} ${a}`)) continue;
    seen.add(`${b} ${a}`);
    ends.push({ endpoint: null, interface: null, address, family: address.family, before: b, after: a, own: { before: [b], after: [a] } }); // biome-ignore format: one step
  }
  return ends;
}

function namesOn({ universe }: Evaluator): ReadonlyMap<string, ReadonlyMap<string, readonly number[]>> {
  return new Map(
    universe.world.endpoints.map((endpoint, index) => {
      const nodes = universe.nodesOf[index] as readonly number[];
      const names = new Map<string, number[]>();
      for (const node of nodes) {
        const item = universe.nodes[node];
        const name =
          item?.kind === 'workload' ? ((endpoint as WorkloadEndpoint).interfaces[item.interface]?.name ?? '') : 'host';
        names.set(name, [...(names.get(name) ?? []), node]);
      }
      return [`${endpoint.kind} ${endpoint.id}`, names];
    }),
  );
}

function pairUp(
  before: Evaluator,
  after: Evaluator,
  family: Family,
  left: readonly number[],
  right: readonly number[],
): readonly (readonly [number, number])[] {
  const of = (evaluator: Evaluator, nodes: readonly number[]): number[] =>
    nodes.filter((node) => evaluator.universe.nodes[node]?.family === family);
  const [b, a] = [of(before, left), of(after, right)];
  if (b.length <= 1 && a.length <= 1) return b.length + a.length === 0 ? [] : [[b[0] ?? -1, a[0] ?? -1]];
  const text = (evaluator: Evaluator, node: number): string => {
    const address = addressOf(evaluator, node);
    return address === null ? '' : formatAddress(address);
  };
  const same = b.flatMap((x) => a.filter((y) => text(before, x) !== '' && text(before, x) === text(after, y)).map((y) => [x, y] as const)); // biome-ignore format: one step
  const [onlyB, onlyA] = [b.filter((x) => same.every(([o]) => o !== x)), a.filter((y) => same.every(([, o]) => o !== y))]; // biome-ignore format: one step
  if (onlyB.length === 1 && text(before, onlyB[0] as number) === '') return [...same, ...onlyA.map((y) => [onlyB[0] as number, y] as const)]; // biome-ignore format: one step
  if (onlyA.length === 1 && text(after, onlyA[0] as number) === '') return [...same, ...onlyB.map((x) => [x, onlyA[0] as number] as const)]; // biome-ignore format: one step
  const rest = Array.from({ length: Math.max(onlyB.length, onlyA.length) }, (_, i) => {
    const [x, y] = [onlyB[i], onlyA[i]];
    const outside = (evaluator: Evaluator, other: Evaluator, node: number): number =>
      outsideOf(evaluator, addressOf(other, node) as Address);
    if (b.length === 0 || a.length === 0) return [x ?? -1, y ?? -1] as const;
    return [x ?? outside(before, after, y as number), y ?? outside(after, before, x as number)] as const;
  });
  return [...same, ...rest];
}

function addressOf({ universe }: Evaluator, node: number): Address | null {
  const item = universe.nodes[node];
  return item === undefined || item.kind === 'external' ? null : item.address;
}

function outsideOf({ universe }: Evaluator, address: Address): number {
  return universe.nodes.findIndex((node) => node.kind === 'external' && containsAddress(node.range, address));
}

/** Whether they are a pair at all. */
export function isPair(source: End, destination: End): boolean {
  return (
    source.family === destination.family && source.endpoint !== destination.endpoint // two external ends: both null
  );
}

interface Judged {
  readonly allow: ServiceSet;
  readonly unknown: ServiceSet;
}

/** Text of what is gained and lost, and of what of it is or was unknown: equal exactly where those are. */
export function expectedChange(before: Evaluator, after: Evaluator): (source: End, destination: End) => string {
  const known = new Map<number, string>();
  const none = -2;
  return (source, destination) => {
    const was = source.before === -1 || destination.before === -1 ? none : pairOutcome(before, source.before, destination.before); // biome-ignore format: one step
    const is = source.after === -1 || destination.after === -1 ? none : pairOutcome(after, source.after, destination.after); // biome-ignore format: one step
    const key = (was + 2) * 1e6 + is + 2;
    let text = known.get(key);
    if (text === undefined) {
      text = describe(judged(before, was === none ? null : was, is === none), judged(after, is === none ? null : is, was === none)); // biome-ignore format: one step
      known.set(key, text);
    }
    return text;
  };
}

/** What no point judges is allowed; but where the other side has no such pair, there is nothing to gain or lose. */
function judged(evaluator: Evaluator, id: number | null, isAlone: boolean): Judged {
  if (id === null || (id === -1 && isAlone)) return { allow: NO_SERVICES, unknown: NO_SERVICES };
  return id === -1 ? { allow: ALL_SERVICES, unknown: NO_SERVICES } : evaluator.judge.outcome(id);
}

function describe(was: Judged, is: Judged): string {
  const gained = subtractServices(is.allow, was.allow);
  const lost = subtractServices(was.allow, is.allow);
  const only = (set: ServiceSet, other: ServiceSet): ServiceSet => subtractServices(set, subtractServices(set, other));
  return changeText(gained, only(gained, was.unknown), lost, only(lost, is.unknown));
}

export function changeText(...sets: readonly ServiceSet[]): string {
  return sets.map(servicesKey).join(' / ');
}

/** The services of a row in one family. */
export function servicesOf(row: DiffRow, of: 'services' | 'unknown', family: Family): ServiceSet {
  if (of === 'services' && row.all) return ALL_SERVICES;
  return fromServiceRows(row[of].filter(({ ip }: FlowService) => ip === undefined || ip === family));
}

/** Whether the end of a row means the end. */
export function means(before: Evaluator, after: Evaluator, row: DiffEnd, end: End): boolean {
  const parts = row.kind === 'set' ? row.of : [row];
  return parts.some((part) => partMeans(before, after, part, end));
}

function partMeans(before: Evaluator, after: Evaluator, part: DiffPart, end: End): boolean {
  if (part.kind === 'external') {
    return end.endpoint === null && part.ranges.some((range) => isInside(range, end.address as Address));
  }
  if (end.endpoint === null) return false;
  const evaluators = { before, after };
  const endpointOn = (side: 'before' | 'after') =>
    evaluators[side].universe.world.endpoints.find((item) => `${item.kind} ${item.id}` === end.endpoint);
  // A condition without a side means the same on both: whoever has it on either.
  const sides = (['before', 'after'] as const).filter(
    (side) => !('side' in part && part.side !== undefined && part.side !== side) && endpointOn(side) !== undefined,
  );
  const some = (condition: (endpoint: WorkloadEndpoint) => boolean): boolean =>
    sides.some((side) => {
      const endpoint = endpointOn(side);
      return endpoint?.kind === 'workload' && condition(endpoint);
    });
  switch (part.kind) {
    case 'group':
      return sides.some((side) => {
        const evaluator = evaluators[side];
        if (end.own[side].length === 0) return false;
        return evaluator.universe.layers.some(
          ({ groups, name }, layer) =>
            groups.has(part.id) &&
            (part.layer === undefined || part.layer === name) &&
            end.own[side].every((node) =>
              hasBit(evaluator.membership.evaluate(layer, { kind: 'group', group: part.id, span: null }).sure, node),
            ),
        );
      });
    case 'label':
      return some(({ views }) =>
        [...views.values()].some((view) => (view.labels.get(part.key) ?? []).includes(part.value)),
      );
    case 'namespace':
      return some(({ views }) => [...views.values()].some((view) => view.namespace === part.id));
    case 'segment':
      return sides.some((side) => {
        const item = evaluators[side].universe.nodes[end.own[side][0] ?? -1];
        const endpoint = endpointOn(side) as WorkloadEndpoint;
        return item?.kind === 'workload' && endpoint.interfaces[item.interface]?.segment === part.id;
      });
    case 'owner':
      return some(({ owner }) => owner?.name === part.id && owner.kind === part.owner);
    case 'workloads':
      return some(() => true);
    case 'hosts':
      return sides.some((side) => endpointOn(side)?.kind === 'host');
    default: {
      const isEndpoint = end.endpoint === `${part.kind === 'host' ? 'host' : 'workload'} ${part.id}`;
      const isInterface = part.interface === undefined || part.interface === end.interface;
      return isEndpoint && isInterface && (part.address === undefined || part.address === (end.address === null ? '' : formatAddress(end.address))); // biome-ignore format: one step
    }
  }
}

function isInside(range: string, address: Address): boolean {
  const set = parseAddresses(range);
  return !('problem' in set) && containsAddress(set, address);
}
