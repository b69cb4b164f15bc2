// lint/missing-ipv6: a rule about addresses outside names those of one IP version only, and the other version of the same
// machine fares differently: denied in IPv4 and allowed in IPv6; or, where the rule names the whole internet, the reverse.
import { membersOf } from '../../../../base/bitset.ts';
import type { CompiledRule } from '../../../../compile/ruleset.ts';
import type { Snapshot } from '../../../../engine/pipeline.ts';
import { pairOutcome } from '../../../../evaluate/pair-services.ts';
import type { Universe } from '../../../../graph/universe.ts';
import type { Family } from '../../../../net/address.ts';
import { intersectServices, isNoServices, type ServiceSet, subtractServices } from '../../../../net/services.ts';
import type { LintCheck } from '../../kit/check.ts';
import { compiledOf } from '../../kit/find-flow.ts';
import type { Witness } from '../../kit/finding.ts';
import { makeFinding } from '../../kit/make.ts';
import { witnessBetween } from '../../kit/witness.ts';

export const missingIpv6: LintCheck = {
  code: 'lint/missing-ipv6',
  *run({ snapshot, layers, facts }) {
    const { membership } = snapshot.evaluator;
    const internets = layers.map((_, i) => membersOf(membership.evaluate(i, { kind: 'internet' }).sure));
    for (const { rule, policy, taken, layer } of facts().values()) {
      if (taken === null || rule.family !== null || policy.family !== null || rule.action === 'pass') continue;
      const found = compiledOf(snapshot, layer, rule).map((item) =>
        compareFamilies(snapshot, internets[layer] ?? [], item),
      );
      const different = found.find((item) => item !== null);
      if (different == null) continue;
      const { own, witness } = different;
      const [here, there] = own === 4 ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
      const does = { allow: 'allows', drop: 'drops', reject: 'rejects', log: 'records' }[rule.action];
      const { verdict } = witness.decision;
      const fares = { allow: 'allowed', drop: 'dropped', reject: 'rejected', unknown: 'unknown' }[verdict];
      yield makeFinding(
        'lint/missing-ipv6',
        `\`${rule.id}\` ${does} in ${here} what is ${fares} in ${there}`,
        rule.span,
        {
          layer: layers[layer]?.name ?? null,
          about: rule.id,
          help: `add the ${there} addresses, or say \`${own === 4 ? 'ipv4' : 'ipv6'}\` if that is meant`,
          witness,
        },
      );
    }
  },
};

interface Difference {
  readonly own: Family;
  readonly witness: Witness;
}

/** Machines that are tried. */
const MOST = 50;

/** A flow of the other version that fares differently, between the same machine and the internet. */
function compareFamilies(snapshot: Snapshot, internet: readonly number[], item: CompiledRule): Difference | null {
  const { universe } = snapshot.evaluator;
  const isOutside = (node: number): boolean => node >= universe.firstExternal;
  for (const isFrom of [true, false]) {
    const named = membersOf((isFrom ? item.source : item.destination).sure);
    const outside = named.filter(isOutside);
    const families = new Set(outside.map((node) => universe.nodes[node]?.family));
    const [own] = families;
    if (own === undefined || families.size > 1) continue;
    const known = new Set(outside);
    const outer = internet.find((node) => known.has(node));
    const there = internet.findLast((node) => universe.nodes[node]?.family !== own);
    if (outer === undefined || there === undefined) continue;
    const isWhole = internet.every((node) => universe.nodes[node]?.family !== own || known.has(node));
    if (item.action === 'allow' && !isWhole) continue;
    const machines = membersOf((isFrom ? item.destination : item.source).sure).filter((node) => !isOutside(node));
    for (const inner of machines.slice(0, MOST)) {
      const twin = twinOf(universe, inner, own);
      if (twin === null) continue;
      const pair = (far: number, near: number): readonly [number, number] => (isFrom ? [far, near] : [near, far]);
      const witness = contrast(snapshot, item, pair(outer, inner), pair(there, twin));
      if (witness !== null) return { own, witness };
    }
  }
  return null;
}

/** A flow of the second pair that fares differently from the same one of the first, which the rule decides. */
function contrast(
  snapshot: Snapshot,
  { rule, action, services }: CompiledRule,
  first: readonly [number, number],
  second: readonly [number, number],
): Witness | null {
  const { evaluator } = snapshot;
  const id = pairOutcome(evaluator, ...second);
  if (id === -1) return null;
  const { allow, unknown } = evaluator.judge.outcome(id);
  const differing: ServiceSet =
    action === 'allow'
      ? subtractServices(subtractServices(services, allow), unknown)
      : intersectServices(services, allow);
  if (isNoServices(differing)) return null;
  const witness = witnessBetween(snapshot, ...second, differing);
  const { protocol } = witness.question.service;
  // Messages of one version's ICMP are none of the other's.
  if (protocol === 1 || protocol === 58) return null;
  const { decision } = witnessBetween(snapshot, ...first, differing);
  const isDecided = decision.points.some((point) => point.rule === rule.id);
  return isDecided && (decision.verdict === 'allow') === (action === 'allow') ? witness : null;
}

/** An address of the other version of the same interface, which must be known. */
function twinOf({ nodes, nodesOf }: Universe, node: number, own: Family): number | null {
  const item = nodes[node];
  if (item?.kind !== 'workload' || item.family !== own) return null;
  const found = (nodesOf[item.endpoint] ?? []).find((other) => {
    const twin = nodes[other];
    return (
      twin?.kind === 'workload' && twin.family !== own && twin.address !== null && twin.interface === item.interface
    );
  });
  return found ?? null;
}
