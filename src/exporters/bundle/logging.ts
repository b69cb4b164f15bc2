// Rules that only log, lowered as those that decide are. The compiler leaves them out, since no verdict needs them;
// a point does.

import { allOf } from '../../base/tri-set.ts';
import { serviceVariants } from '../../compile/named-ports.ts';
import { scopeOf } from '../../compile/presence.ts';
import type { CompiledLayer, CompiledRule } from '../../compile/ruleset.ts';
import type { Membership } from '../../graph/membership.ts';

/** In no particular order, with no position of their own. `layer` has neither ends nor windows. */
export function loggingRules(membership: Membership, { index, layer }: CompiledLayer): readonly CompiledRule[] {
  const tiers = new Map(layer.tiers.map((tier, position) => [tier.name, position]));
  const everywhere = allOf(membership.universe.nodes.length);
  return layer.policies.flatMap((policy) =>
    policy.rules
      .filter((rule) => rule.action === 'log' && ![policy, rule].some(({ disabled, staged }) => disabled || staged))
      .flatMap((rule) => {
        const scope = scopeOf(policy, rule);
        const destination = membership.evaluate(index, rule.destination);
        return serviceVariants(rule.service, destination, index, membership.universe).map(
          (variant): CompiledRule => ({
            index: -1,
            tier: tiers.get(policy.tier) ?? -1,
            policy,
            rule,
            action: 'allow',
            passTo: -1,
            out: rule.direction !== 'in',
            in: rule.direction !== 'out',
            family: rule.family ?? policy.family,
            services: variant.services,
            source: membership.evaluate(index, rule.source),
            destination: variant.destination,
            present: scope === null ? everywhere : membership.evaluateScope(index, scope),
            opaque: rule.opaque ?? rule.service.opaque,
          }),
        );
      }),
  );
}
