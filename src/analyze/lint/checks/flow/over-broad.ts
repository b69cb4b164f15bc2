// lint/over-broad: a rule that lets in the whole internet, or allows every service.
import { isEmptyBits, subtractBits } from '../../../../base/bitset.ts';
import type { TriSet } from '../../../../base/tri-set.ts';
import type { Peer } from '../../../../model/peer.ts';
import { isAllServices } from '../../../../net/services.ts';
import type { LintCheck, LintContext } from '../../kit/check.ts';
import { findAllowed } from '../../kit/find-flow.ts';
import type { Witness } from '../../kit/finding.ts';
import { makeFinding } from '../../kit/make.ts';
import type { RuleFact } from '../../liveness/rule-facts.ts';

const INTERNET: Peer = { kind: 'internet' };

export const overBroad: LintCheck = {
  code: 'lint/over-broad',
  *run(context) {
    for (const fact of context.facts().values()) {
      const { rule, taken, isEffective, layer } = fact;
      if (rule.action !== 'allow' || taken === null || !isEffective) continue;
      const broad = describeBreadth(context, fact);
      if (broad === null) continue;
      yield makeFinding('lint/over-broad', `\`${rule.id}\` ${broad.what}`, rule.span, {
        layer: context.layers[layer]?.name ?? null,
        about: rule.id,
        help: 'name who and what is meant; where all of it is, say why beside the rule',
        witness: broad.witness,
      });
    }
  },
};

function describeBreadth(
  { snapshot }: LintContext,
  { rule, layer }: RuleFact,
): { readonly what: string; readonly witness: Witness } | null {
  const { membership } = snapshot.evaluator;
  const internet = membership.evaluate(layer, INTERNET);
  const hasAll = (peer: Peer): boolean =>
    !isEmptyBits(internet.sure) && isEmptyBits(subtractBits(internet.sure, membership.evaluate(layer, peer).sure));
  const showing = (what: string, within: { readonly from?: TriSet; readonly to?: TriSet }) => {
    const witness = findAllowed(snapshot, layer, rule, within);
    return witness === null ? null : { what, witness };
  };
  const { set, opaque } = rule.service;
  const isEvery = opaque === null && isAllServices(set);
  const also = isEvery ? ', with every service' : '';
  const inbound =
    rule.direction !== 'out' && hasAll(rule.source)
      ? showing(`lets in the whole internet${also}`, { from: internet })
      : null;
  if (inbound !== null || !isEvery) return inbound;
  const outbound =
    rule.direction !== 'in' && hasAll(rule.destination)
      ? showing('lets out to the whole internet, with every service', { to: internet })
      : null;
  return outbound ?? showing('allows every service', {});
}
