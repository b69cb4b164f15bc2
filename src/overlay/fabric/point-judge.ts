// Asks the evaluator what a point says of a packet, by addresses: finds the nodes behind them, and remembers answers by
// class, since no rule tells the members of a class apart. Precedence is the evaluator's alone.

import { PairTable } from '../../base/pair-table.ts';
import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { WorkloadEndpoint } from '../../graph/merge.ts';
import type { Node } from '../../graph/universe.ts';
import type { Direction } from '../../model/policy.ts';
import type { Address } from '../../net/address.ts';
import { containsAddress } from '../../net/address-set.ts';
import { type Header, serviceOf } from '../packet/packet.ts';
import { decideAt, type Judgement } from './decide-at.ts';

export interface PointJudge {
  /** The node that an address is, seen from an address space; -1 where several own it or nothing has it. */
  nodeOf(address: Address, space: string | null): number;
  judge(direction: Direction, source: number, destination: number, header: Header): Judgement;
}

/** Answers that are kept; then all are forgotten at once. */
const MOST_KEPT = 1_000_000;

export function createPointJudge(evaluator: Evaluator): PointJudge {
  const { universe, lookup } = evaluator;
  const { nodes } = universe;
  const owners = new Map<number | bigint, number | number[]>();
  const isHost = Uint8Array.from(nodes, ({ kind }) => (kind === 'host' ? 1 : 0));
  for (let i = 0; i < universe.firstExternal; i++) {
    const node = nodes[i];
    if (node === undefined || node.kind === 'external' || node.address === null) continue;
    const known = owners.get(node.address.value);
    if (known === undefined) owners.set(node.address.value, i);
    else if (typeof known === 'number') owners.set(node.address.value, [known, i]);
    else known.push(i);
  }
  const external = { 4: externalNodes(universe.nodes, 4), 6: externalNodes(universe.nodes, 6) };

  const spaceOf = (index: number): string | null => {
    const node = nodes[index];
    if (node?.kind !== 'workload') return null;
    const face = (universe.world.endpoints[node.endpoint] as WorkloadEndpoint).interfaces[node.interface];
    return face?.space ?? universe.world.segments.get(face?.segment ?? '')?.space ?? null;
  };

  let pairs = new PairTable();
  let services = new PairTable();
  let known = new PairTable();
  let kept: Judgement[] = [];
  const numberOf = (table: PairTable, a: number, b: number): number => {
    const number = table.get(a, b);
    if (number !== -1) return number;
    table.set(a, b, table.size);
    return table.size - 1;
  };
  return {
    nodeOf(address, space) {
      const own = owners.get(address.value);
      if (typeof own === 'number') return own;
      if (own !== undefined) {
        const inside = own.filter((index) => spaceOf(index) === space);
        return inside.length === 1 ? (inside[0] as number) : -1;
      }
      return findExternal(external[address.family], nodes, address);
    },
    judge(direction, source, destination, header) {
      if (isHost[source] === 1) return decideAt(evaluator, direction, source, destination, serviceOf(header));
      const row = (lookup.source.of[source] as number) * 2 + (direction === 'out' ? 0 : 1);
      const pair = numberOf(pairs, row, lookup.destination.of[destination] as number);
      const service = numberOf(services, header.protocol * 65536 + header.destinationPort, header.sourcePort);
      const number = known.get(pair, service);
      if (number !== -1) return kept[number] as Judgement;
      if (kept.length > MOST_KEPT) {
        [pairs, services, known, kept] = [new PairTable(), new PairTable(), new PairTable(), []];
        return this.judge(direction, source, destination, header);
      }
      const judgement = decideAt(evaluator, direction, source, destination, serviceOf(header));
      known.set(pair, service, kept.length);
      kept.push(judgement);
      return judgement;
    },
  };
}

interface Ranges {
  readonly index: readonly number[];
  readonly first: readonly (number | bigint)[];
}

/** External nodes in the order of their first addresses, in which the universe has them. */
function externalNodes(nodes: readonly Node[], family: 4 | 6): Ranges {
  const found = nodes.flatMap((node, index) => {
    if (node.kind !== 'external' || node.family !== family) return [];
    const first = family === 4 ? node.range.v4[0] : node.range.v6[0];
    return first === undefined ? [] : [{ index, first }];
  });
  return { index: found.map(({ index }) => index), first: found.map(({ first }) => first) };
}

function findExternal({ index, first }: Ranges, nodes: readonly Node[], address: Address): number {
  let lo = 0;
  let hi = first.length - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >> 1;
    if ((first[middle] as number | bigint) <= address.value) lo = middle;
    else hi = middle - 1;
  }
  const found = index[lo];
  const node = found === undefined ? undefined : nodes[found];
  if (found === undefined || node?.kind !== 'external' || !containsAddress(node.range, address)) return -1;
  return found;
}
