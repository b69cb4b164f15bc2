// The rules of a gateway: categories in their fixed order, then the order written; the first that matches decides.
// Where none does the gateway allows: its last rule is its own, of category `default`.

import { type Tri, type TriSet, triAnd, triValue } from '../../base/tri-set.ts';
import { type Address, formatAddress } from '../../net/address.ts';
import { type AddressSet, containsAddress } from '../../net/address-set.ts';
import type { Fabric, FabricRouter } from '../fabric/fabric.ts';
import type { FabricGatewayRule } from '../fabric/gateway-rules.ts';
import type { Header } from '../packet/packet.ts';
import type { RuleReference } from '../step/step.ts';
import { hasService } from './match.ts';

export interface GatewayDecision {
  /** null: none matches. */
  readonly rule: FabricGatewayRule | null;
  /** Why it is not certain that the rule matches, where a group of it is not; else null. */
  readonly doubt: string | null;
}

/** The rule that decides. `in` comes from above or a service interface, `out` goes there. */
export function decideAtGateway(
  router: FabricRouter,
  header: Header,
  direction: 'in' | 'out',
  fabric: Fabric,
): GatewayDecision {
  for (const rule of router.firewall) {
    if (rule.direction !== 'both' && rule.direction !== direction) continue;
    if (!hasService(rule.service, header)) continue;
    const source = isAmong(fabric, rule.source, rule.sourceNodes, header.source);
    const destination = isAmong(fabric, rule.destination, rule.destinationNodes, header.destination);
    const match = triAnd(source, destination);
    if (match === 'yes') return { rule, doubt: null };
    if (match === 'no') continue;
    const address = formatAddress(source === 'maybe' ? header.source : header.destination);
    return { rule, doubt: `whether \`${address}\` is in a group of rule \`${rule.id}\` is not known` };
  }
  return { rule: null, doubt: null };
}

function isAmong({ points }: Fabric, addresses: AddressSet | null, nodes: TriSet | null, address: Address): Tri {
  if (addresses === null && nodes === null) return 'yes';
  if (addresses !== null && containsAddress(addresses, address)) return 'yes';
  if (nodes === null) return 'no';
  const node = points.nodeOf(address, null);
  // Several have the address, each in a space of its own, or nothing that a policy tells of.
  return node === -1 ? 'maybe' : triValue(nodes, node);
}

export function gatewayReference(router: FabricRouter, rule: FabricGatewayRule): RuleReference {
  const { category, id, span, action } = rule;
  return { layer: null, tier: category, policy: router.id, rule: id, span, action };
}
