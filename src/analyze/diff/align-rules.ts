// Finds which rules of one layer are, in order, also in the other: a longest common subsequence by what a rule does.
// Who the rules mean is left to the caller: an edit of a group changes that and not the order.

import type { CompiledLayer, CompiledRule, Tie } from '../../compile/ruleset.ts';
import { type ServiceSet, servicesKey } from '../../net/services.ts';

export interface Alignment {
  /** Positions of the same rule on both sides, ascending on both. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
  /** Rules of one side alone. */
  readonly onlyBefore: readonly number[];
  readonly onlyAfter: readonly number[];
}

export function alignRules(before: CompiledLayer, after: CompiledLayer): Alignment {
  const keys = ruleKeys();
  const [left, right] = [before.rules.map(keys), after.rules.map(keys)];
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let tail = 0;
  while (
    tail < Math.min(left.length, right.length) - start &&
    left[left.length - 1 - tail] === right[right.length - 1 - tail]
  )
    tail++;
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < start; i++) pairs.push([i, i]);
  pairs.push(...commonOrder(left, right, start, left.length - tail, right.length - tail));
  for (let i = tail; i > 0; i--) pairs.push([left.length - i, right.length - i]);
  const [kept, keptAfter] = [new Set(pairs.map(([b]) => b)), new Set(pairs.map(([, a]) => a))];
  return {
    pairs,
    onlyBefore: left.flatMap((_, i) => (kept.has(i) ? [] : [i])),
    onlyAfter: right.flatMap((_, i) => (keptAfter.has(i) ? [] : [i])),
  };
}

/** Text that is the same for rules that do the same to the same services at the same points, under the same name. */
function ruleKeys(): (rule: CompiledRule) => string {
  const known = new WeakMap<ServiceSet, string>();
  return (rule) => {
    let services = known.get(rule.services);
    if (services === undefined) {
      services = servicesKey(rule.services);
      known.set(rule.services, services);
    }
    const { tier, action, passTo, family, opaque } = rule;
    return `${tier} ${action} ${passTo} ${rule.out} ${rule.in} ${family} ${opaque === null} ${rule.rule.id} ${services}`;
  };
}

/** The longest run of equal keys in the order of both, where the n-th of equal keys meets the n-th: patience sorting. */
function commonOrder(
  left: readonly string[],
  right: readonly string[],
  from: number,
  leftEnd: number,
  rightEnd: number,
): readonly (readonly [number, number])[] {
  const places = new Map<string, number[]>();
  for (let i = rightEnd - 1; i >= from; i--) {
    const own = places.get(right[i] as string);
    if (own === undefined) places.set(right[i] as string, [i]);
    else own.push(i);
  }
  interface Link {
    readonly pair: readonly [number, number];
    readonly before: Link | null;
  }
  const ends: Link[] = [];
  for (let i = from; i < leftEnd; i++) {
    const place = places.get(left[i] as string)?.pop();
    if (place === undefined) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] as Link).pair[1] < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = { pair: [i, place], before: ends[low - 1] ?? null };
  }
  const found: (readonly [number, number])[] = [];
  for (let link: Link | null = ends.at(-1) ?? null; link !== null; link = link.before) found.push(link.pair);
  return found.reverse();
}

/** Whether the rules that both sides have tie in the same way. */
export function sameTies(before: CompiledLayer, after: CompiledLayer, { pairs }: Alignment): boolean {
  const left = new Map(pairs.map(([b], i) => [b, i]));
  const right = new Map(pairs.map(([, a], i) => [a, i]));
  const shape = (layer: CompiledLayer, names: ReadonlyMap<number, number>): string =>
    JSON.stringify(layer.tiers.map((tier) => shapeOf(tier.ties, tier.from, tier.to, names)));
  return shape(before, left) === shape(after, right);
}

type Shape = number | { readonly how: Tie['how']; readonly branches: readonly (readonly Shape[])[] };

/** What is left of from..to-1 without rules that have no name: a tie of one branch is none. */
function shapeOf(ties: readonly Tie[], from: number, to: number, names: ReadonlyMap<number, number>): readonly Shape[] {
  const shapes: Shape[] = [];
  let at = from;
  const plain = (end: number): void => {
    for (; at < end; at++) {
      const name = names.get(at);
      if (name !== undefined) shapes.push(name);
    }
  };
  for (const tie of ties) {
    plain(tie.from);
    const branches = tie.branches
      .map((branch) => shapeOf(branch.ties, branch.from, branch.to, names))
      .filter((branch) => branch.length > 0);
    if (branches.length > 1) shapes.push({ how: tie.how, branches });
    else shapes.push(...(branches[0] ?? []));
    at = tie.to;
  }
  plain(to);
  return shapes;
}
