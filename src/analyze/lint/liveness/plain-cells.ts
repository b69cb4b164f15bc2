// The short way through a cell: what a rule meets open, and what becomes of that without it, wherever only rules that
// match for certain, outside of ties, and plain defaults stand in between. Elsewhere it says so, and the whole walk of
// layer-walk.ts is made. Most cells are plain, and the short way costs a few operations on numbers.
import type { CompiledLayer, CompiledRule } from '../../../compile/ruleset.ts';
import type { NumberedSets } from '../../../evaluate/sets/set-algebra.ts';
import type { CellMatches } from './layer-walk.ts';

/** Called with whoever takes services: a rule, or the name of a tier whose default does. */
export type OnTaker = (taker: CompiledRule | string) => void;

export interface PlainCells {
  /** Services, by set number, that the rule meets open and decides; null: only the whole walk can tell. */
  openFor(rule: CompiledRule, matches: CellMatches, onTaker: OnTaker): number | null;
  /**
   * Whether the services, which the rule decides for certain, get the same verdict from those behind it, and keep state
   * as they do with it; null: only the whole walk can tell.
   */
  isSameWithout(rule: CompiledRule, services: number, matches: CellMatches, onTaker: OnTaker): boolean | null;
}

export function makePlainCells({ tiers, rules }: CompiledLayer, sets: NumberedSets): PlainCells {
  const isTied = new Uint8Array(rules.length);
  for (const { ties } of tiers) for (const { from, to } of ties) isTied.fill(1, from, to);
  /** A tier that decides only some services, or where somebody is selected, is not plain. */
  const isPlain = tiers.map(({ tier, selected }) => tier.decides === null && selected === null);
  const services = rules.map((rule) => sets.of(rule.services));

  return {
    openFor(rule, { rules: matching, isCertain }, onTaker) {
      let open = services[rule.index] as number;
      let i = 0;
      for (let tier = 0; tier <= rule.tier; tier++) {
        if (!isPlain[tier]) return null;
        const stop = tier === rule.tier ? rule.index : (tiers[tier]?.to ?? 0);
        for (; i < matching.length; i++) {
          const other = matching[i] as CompiledRule;
          if (other.index >= stop) break;
          const met = sets.intersect(open, services[other.index] as number);
          if (sets.isEmpty(met)) continue;
          if (isTied[other.index] === 1 || !isCertain[i] || (other.action === 'pass' && tier < rule.tier)) return null;
          onTaker(other);
          open = sets.subtract(open, met);
          if (sets.isEmpty(open)) return open;
        }
        const { name, default: own } = (tiers[tier] as (typeof tiers)[number]).tier;
        if (tier === rule.tier || own.verdict === 'pass') continue;
        onTaker(name);
        return sets.none;
      }
      return isTied[rule.index] === 1 || matching[i] !== rule || !isCertain[i] ? null : open;
    },

    isSameWithout(rule, decided, { rules: matching, isCertain }, onTaker) {
      if (rule.action === 'pass' || isTied[rule.index] === 1) return null;
      let open = decided;
      let i = matching.indexOf(rule) + 1;
      for (let tier = rule.tier; tier < tiers.length; tier++) {
        if (!isPlain[tier]) return null;
        const { to, tier: own } = tiers[tier] as (typeof tiers)[number];
        for (; i < matching.length; i++) {
          const other = matching[i] as CompiledRule;
          if (other.index >= to) break;
          const met = sets.intersect(open, services[other.index] as number);
          if (sets.isEmpty(met)) continue;
          if (isTied[other.index] === 1 || !isCertain[i] || other.action === 'pass') return null;
          if (other.action !== rule.action || !keepsState(other)) return false;
          onTaker(other);
          open = sets.subtract(open, met);
          if (sets.isEmpty(open)) return true;
        }
        const { verdict } = own.default;
        if (verdict === 'pass') continue;
        if (verdict !== rule.action) return false;
        onTaker(own.name);
        return true;
      }
      return false;
    },
  };
}

/** Of an allowing rule: whether answers are allowed with what it allows. */
function keepsState({ action, rule, policy }: CompiledRule): boolean {
  return action !== 'allow' || !(rule.stateless || policy.stateless);
}
