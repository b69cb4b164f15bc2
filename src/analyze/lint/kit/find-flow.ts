// Looks for a flow that a rule decides between given ends, and decides it: what a finding about these ends must show.
import { intersectBits, membersOf } from '../../../base/bitset.ts';
import { remember } from '../../../base/remember.ts';
import type { TriSet } from '../../../base/tri-set.ts';
import type { CompiledLayer, CompiledRule } from '../../../compile/ruleset.ts';
import type { Snapshot } from '../../../engine/pipeline.ts';
import { isSelf } from '../../../evaluate/evaluator.ts';
import type { Node } from '../../../graph/universe.ts';
import type { Rule } from '../../../model/policy.ts';
import type { ServiceSet } from '../../../net/services.ts';
import type { Witness } from './finding.ts';
import { witnessBetween } from './witness.ts';

/** Pairs that are tried. */
const MOST = 400;

/** Forms of a rule in the snapshot: several where it names ports. None where it is not in force. */
export function compiledOf({ evaluator }: Snapshot, layer: number, rule: Rule): readonly CompiledRule[] {
  const compiled = evaluator.ruleset.layers[layer];
  if (compiled === undefined) return [];
  return remember(forms, compiled, () => formsOf(compiled)).get(rule) ?? [];
}

/** Checks ask for every rule: looked through once for each layer, for as long as that is there. */
const forms = new WeakMap<CompiledLayer, ReadonlyMap<Rule, readonly CompiledRule[]>>();

function formsOf({ rules }: CompiledLayer): ReadonlyMap<Rule, readonly CompiledRule[]> {
  const found = new Map<Rule, CompiledRule[]>();
  for (const item of rules) remember(found, item.rule, () => []).push(item);
  return found;
}

/** A flow of the services between nodes of the sets that is as it is wanted; null: none among those that were tried. */
export function findFlow(
  snapshot: Snapshot,
  from: TriSet,
  to: TriSet,
  services: ServiceSet,
  isWanted: (witness: Witness) => boolean,
): Witness | null {
  const { evaluator } = snapshot;
  const { nodes } = evaluator.universe;
  const sources = spread(evaluator.lookup.source.of, membersOf(from.sure));
  const destinations = spread(evaluator.lookup.destination.of, membersOf(to.sure));
  let tried = 0;
  for (const source of sources) {
    for (const destination of destinations) {
      const [a, b] = [nodes[source] as Node, nodes[destination] as Node];
      if (a.family !== b.family || isSelf(a, b)) continue;
      if (++tried > MOST) return null;
      const witness = witnessBetween(snapshot, source, destination, services);
      if (isWanted(witness)) return witness;
    }
  }
  return null;
}

/** A flow that the rule allows and that is allowed. */
export function findAllowed(
  snapshot: Snapshot,
  layer: number,
  rule: Rule,
  within: { readonly from?: TriSet; readonly to?: TriSet },
): Witness | null {
  for (const { source, destination, services } of compiledOf(snapshot, layer, rule)) {
    const found = findFlow(
      snapshot,
      meet(source, within.from),
      meet(destination, within.to),
      services,
      ({ decision }) => decision.verdict === 'allow' && decision.points.some((point) => point.rule === rule.id),
    );
    if (found !== null) return found;
  }
  return null;
}

function meet(a: TriSet, b: TriSet | undefined): TriSet {
  if (b === undefined) return a;
  return { sure: intersectBits(a.sure, b.sure), possible: intersectBits(a.possible, b.possible) };
}

/** One node of each class, then the others: what differs is met early. */
function spread(classes: Int32Array, nodes: readonly number[]): readonly number[] {
  const seen = new Set<number>();
  const first = nodes.filter((node) => {
    const own = classes[node] as number;
    if (seen.has(own)) return false;
    seen.add(own);
    return true;
  });
  const chosen = new Set(first);
  return [...first, ...nodes.filter((node) => !chosen.has(node)).slice(0, MOST)];
}
