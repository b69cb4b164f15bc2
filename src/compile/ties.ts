// Finds ties that matter, where the dialect forbids them (semantics §5): two policies of one tier and priority whose
// rules share a point, overlap in source, destination and service, and differ in action.

import { overlapBits } from '../base/bitset.ts';
import type { TriSet } from '../base/tri-set.ts';
import { overlapsServices } from '../net/services.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { CompiledRule, Ruleset } from './ruleset.ts';

/** One error for each pair of tied policies. */
export function checkTies(ruleset: Ruleset): readonly Diagnostic[] {
  return ruleset.layers.flatMap(({ layer, rules, points }) => {
    if (layer.dialect.ties !== 'error') return [];
    const diagnostics: Diagnostic[] = [];
    const reported = new Set<string>();
    let from = 0;
    while (from < rules.length) {
      const to = endOfRun(rules, from);
      for (let i = from; i < to; i++) {
        for (let j = i + 1; j < to; j++) {
          const [a, b] = [rules[i] as CompiledRule, rules[j] as CompiledRule];
          if (a.policy === b.policy || !differ(a, b)) continue;
          const pair = `${a.policy.id} ${b.policy.id}`;
          if (reported.has(pair) || !meetSomewhere(a, b, points)) continue;
          reported.add(pair);
          diagnostics.push(
            error('evaluate/tie', `\`${a.rule.id}\` and \`${b.rule.id}\` tie, and they differ`, b.rule.span, {
              notes: [{ message: `the same tier and priority ${a.policy.priority}`, span: a.rule.span }],
              help: `give policy \`${a.policy.id}\` or \`${b.policy.id}\` another priority, lower to be tried first`,
            }),
          );
        }
      }
      from = to;
    }
    return diagnostics;
  });
}

function endOfRun(rules: readonly CompiledRule[], from: number): number {
  const first = rules[from] as CompiledRule;
  let to = from + 1;
  while (to < rules.length && rules[to]?.tier === first.tier && rules[to]?.policy.priority === first.policy.priority)
    to++;
  return to;
}

/** In what they do, or in keeping state of what they allow. */
function differ(a: CompiledRule, b: CompiledRule): boolean {
  return a.action !== b.action || a.passTo !== b.passTo || (a.action === 'allow' && isStateless(a) !== isStateless(b));
}

function isStateless({ policy, rule }: CompiledRule): boolean {
  return policy.stateless || rule.stateless;
}

function meetSomewhere(a: CompiledRule, b: CompiledRule, points: TriSet): boolean {
  if (a.family !== null && b.family !== null && a.family !== b.family) return false;
  const meet = (x: TriSet, y: TriSet): boolean => overlapBits(x.possible, y.possible);
  if (!overlapsServices(a.services, b.services) || !meet(a.source, b.source) || !meet(a.destination, b.destination))
    return false;
  return (
    (a.out && b.out && meetAll(points, a.source, b.source, a.present, b.present)) ||
    (a.in && b.in && meetAll(points, a.destination, b.destination, a.present, b.present))
  );
}

/** Whether some node is in all the sets: a point at which both rules are present and match. */
function meetAll(...sets: readonly TriSet[]): boolean {
  const [first, ...rest] = sets as readonly [TriSet, ...TriSet[]];
  for (let word = 0; word < first.possible.length; word++) {
    if (rest.reduce((bits, set) => bits & (set.possible[word] as number), first.possible[word] as number) !== 0)
      return true;
  }
  return false;
}
