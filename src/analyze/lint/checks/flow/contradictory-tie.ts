// lint/contradictory-tie: policies of one priority, or rules of one number, that meet on a flow and do different things,
// where the platform orders them by name or not at all. Where a tie is an error, `check` has refused it.

import { intersectBits, isEmptyBits } from '../../../../base/bitset.ts';
import type { TriSet } from '../../../../base/tri-set.ts';
import type { CompiledLayer, CompiledRule } from '../../../../compile/ruleset.ts';
import type { Snapshot } from '../../../../engine/pipeline.ts';
import { intersectServices, isNoServices } from '../../../../net/services.ts';
import type { LintCheck } from '../../kit/check.ts';
import { findFlow } from '../../kit/find-flow.ts';
import type { Witness } from '../../kit/finding.ts';
import { makeFinding } from '../../kit/make.ts';

export const contradictoryTie: LintCheck = {
  code: 'lint/contradictory-tie',
  *run({ snapshot }) {
    for (const layer of snapshot.evaluator.ruleset.layers) {
      const { ties } = layer.layer.dialect;
      if (ties !== 'by-name' && ties !== 'undefined') continue;
      for (const { a, b, witness } of findTies(snapshot, layer)) {
        const who = ties === 'by-name' ? 'their names say which comes first' : 'nothing says which comes first';
        yield makeFinding('lint/contradictory-tie', `\`${a.rule.id}\` and \`${b.rule.id}\` tie: ${who}`, b.rule.span, {
          layer: layer.layer.name,
          about: b.rule.id,
          notes: [{ message: `\`${a.rule.id}\` is here`, span: a.rule.span }],
          help: 'give one of them another number, lower to be tried first',
          witness,
        });
      }
    }
  },
};

interface FoundTie {
  readonly a: CompiledRule;
  readonly b: CompiledRule;
  readonly witness: Witness;
}

/** One for each pair of tied members. */
function* findTies(snapshot: Snapshot, { rules }: CompiledLayer): Generator<FoundTie> {
  const reported = new Set<string>();
  for (const [i, a] of rules.entries()) {
    for (let j = i + 1; j < rules.length; j++) {
      const b = rules[j] as CompiledRule;
      if (b.tier !== a.tier || b.policy.priority !== a.policy.priority) break;
      if (!isTie(a, b) || a.action === b.action) continue;
      const pair = a.policy === b.policy ? `${a.rule.id} ${b.rule.id}` : `${a.policy.id} ${b.policy.id}`;
      if (reported.has(pair)) continue;
      const services = intersectServices(a.services, b.services);
      const [from, to] = [meet(a.source, b.source), meet(a.destination, b.destination)];
      if (isNoServices(services) || isEmptyBits(from.sure) || isEmptyBits(to.sure)) continue;
      const names = [a.rule.id, b.rule.id];
      const witness = findFlow(snapshot, from, to, services, ({ decision }) =>
        decision.points.some((point) => point.rule !== null && names.includes(point.rule)),
      );
      if (witness === null) continue;
      reported.add(pair);
      yield { a, b, witness };
    }
  }
}

/** Different policies of one priority, or rules of one policy and number. */
function isTie(a: CompiledRule, b: CompiledRule): boolean {
  if (a.policy !== b.policy) return (a.out && b.out) || (a.in && b.in);
  const isNumbered = a.policy.rules.some((rule) => rule.sequence !== null);
  return isNumbered && (a.rule.sequence ?? 0) === (b.rule.sequence ?? 0);
}

function meet(a: TriSet, b: TriSet): TriSet {
  return { sure: intersectBits(a.sure, b.sure), possible: intersectBits(a.possible, b.possible) };
}
