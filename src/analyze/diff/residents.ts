// Finds pairs of a host and a workload on it that differ in another way than their cell does: where a dialect exempts
// what a host sends to its residents (semantics §10), a pair is not judged as its classes are.

import type { Evaluator } from '../../evaluate/evaluator.ts';
import type { Family } from '../../net/address.ts';
import { type Cells, isExempt } from './cells.ts';
import type { Faces } from './faces.ts';
import type { JointClasses } from './joint-classes.ts';

/** A pair of faces, by index, with its own delta in one family. */
export interface Exception {
  readonly source: number;
  readonly destination: number;
  readonly family: Family;
  readonly delta: number;
}

export function findExceptions(
  { faces, endpoints }: Faces,
  before: Evaluator,
  after: Evaluator,
  source: JointClasses,
  destination: JointClasses,
  cells: Cells,
): readonly Exception[] {
  const exemptions = [before, after].map(({ ruleset }) =>
    ruleset.layers.map(({ layer }) => layer.dialect.residentHostExempt),
  );
  if (exemptions.every((layers) => !layers.includes(true))) return [];
  const isSameDialect = String(exemptions[0]) === String(exemptions[1]);
  const facesOfHost = { before: new Map<string, number[]>(), after: new Map<string, number[]>() };
  const sides = [
    ['before', before],
    ['after', after],
  ] as const;
  for (const [index, { endpoint }] of faces.entries()) {
    for (const [side, { universe }] of sides) {
      const own = endpoint === -1 ? undefined : universe.world.endpoints[endpoints[endpoint]?.[side] ?? -1];
      if (own?.kind !== 'host') continue;
      facesOfHost[side].set(own.id, [...(facesOfHost[side].get(own.id) ?? []), index]);
    }
  }
  const found: Exception[] = [];
  for (const [index, face] of faces.entries()) {
    const hosts = new Set<number>();
    for (const [side, { universe }] of sides) {
      const own = face.endpoint === -1 ? undefined : universe.world.endpoints[endpoints[face.endpoint]?.[side] ?? -1];
      if (own?.kind !== 'workload' || own.host === null) continue;
      for (const host of facesOfHost[side].get(own.host) ?? []) hosts.add(host);
    }
    for (const host of hosts) {
      for (const family of [4, 6] as const) {
        const delta = exceptionOf(host, index, family);
        if (delta !== null) found.push({ source: host, destination: index, family, delta });
      }
    }
  }
  return found;

  function exceptionOf(host: number, resident: number, family: Family): number | null {
    const [from, to] = [faces[host]?.nodes[family], faces[resident]?.nodes[family]];
    if (from == null || to == null) return null;
    const [was, is] = [isExempt(before, from.before, to.before), isExempt(after, from.after, to.after)];
    if (!was && !is) return null;
    const row = source.ofFace[family][host] as number;
    const column = destination.ofFace[family][resident] as number;
    if (was === is && isSameDialect && !cells.isAffected(row, column)) return null;
    const delta = cells.between([from.before, to.before], [from.after, to.after]);
    return delta === cells.cell(row, column) ? null : delta;
  }
}
