// The rules of a gateway: categories in their fixed order, then the order written; the first that matches decides.
// Where none does the gateway allows: its last rule is its own, of category `default`.

import type { GatewayRule } from '../../model/network/network.ts';
import type { FabricRouter } from '../fabric/fabric.ts';
import type { Header } from '../packet/packet.ts';
import type { RuleReference } from '../step/step.ts';
import { matches } from './match.ts';

/** The rule that decides; null: none matches. `in` comes from above or a service interface, `out` goes there. */
export function decideAtGateway(router: FabricRouter, header: Header, direction: 'in' | 'out'): GatewayRule | null {
  return (
    router.firewall.find(
      (rule) => (rule.direction === 'both' || rule.direction === direction) && matches(rule, header),
    ) ?? null
  );
}

export function gatewayReference(router: FabricRouter, rule: GatewayRule): RuleReference {
  const { category, id, span, action } = rule;
  return { layer: null, tier: category, policy: router.id, rule: id, span, action };
}
