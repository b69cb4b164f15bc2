// Everything that answering needs, for one set of layers at one instant: made once, then only read.

import type { Lookup } from '../compile/lookup.ts';
import type { CompiledLayer, Ruleset } from '../compile/ruleset.ts';
import type { Membership } from '../graph/membership.ts';
import type { Node, Universe } from '../graph/universe.ts';
import { createJudge, type Judge } from './judge.ts';

export interface Evaluator {
  readonly universe: Universe;
  readonly membership: Membership;
  readonly ruleset: Ruleset;
  readonly lookup: Lookup;
  readonly judge: Judge;
}

export function createEvaluator(membership: Membership, lookup: Lookup): Evaluator {
  return { universe: membership.universe, membership, ruleset: lookup.ruleset, lookup, judge: createJudge(lookup) };
}

/** Whether no point judges the pair: one workload with itself, one host with itself (semantics §2). */
export function isSelf(a: Node, b: Node): boolean {
  return a.kind !== 'external' && b.kind !== 'external' && a.endpoint === b.endpoint;
}

/** Layers whose dialect does not judge traffic of a workload's own host to it (semantics §10). */
export function residentExempt(universe: Universe, source: Node, destination: Node): (layer: CompiledLayer) => boolean {
  const none = (): boolean => false;
  if (source.kind !== 'host' || destination.kind !== 'workload') return none;
  const host = universe.world.endpoints[source.endpoint];
  const workload = universe.world.endpoints[destination.endpoint];
  if (host === undefined || workload?.kind !== 'workload' || workload.host !== host.id) return none;
  return (layer) => layer.layer.dialect.residentHostExempt;
}
