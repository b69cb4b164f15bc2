// Rules below IP. Tiers of this kind judge ARP, ND and DHCP and never meet the rules of an IP flow (semantics §2), so
// that an IP packet passes; the step says whether there are any.

import { goOn } from '../step/make-step.ts';
import type { Stage } from '../step/step.ts';

export const ethernet: Stage = (packet, { evaluator, services }) => {
  const next = services.has(packet.header.destination) ? 'service' : 'dfw-out';
  return goOn('ethernet', packet.source?.id ?? 'outside', 'forwarded', packet, next, () => {
    const isRuled = evaluator.ruleset.layers.some(({ tiers }) => tiers.some(({ tier }) => tier.ethernet));
    return { note: isRuled ? 'an IP packet meets no rule of an ethernet tier' : 'no ethernet tier' };
  });
};
