// Access lists and security groups. A list is judged by its numbers and the first rule that matches decides; groups
// only allow, all of an interface's together. What no rule allows is dropped.

import type { AccessList, AccessRule } from '../../model/network/network.ts';
import { containsAddress } from '../../net/address-set.ts';
import type { Fabric } from '../fabric/fabric.ts';
import type { Header } from '../packet/packet.ts';
import type { RuleReference } from '../step/step.ts';
import { hasService } from './match.ts';

export interface AccessDecision {
  readonly allowed: boolean;
  readonly rule: RuleReference;
}

/** The first rule that matches in any of the lists. */
export function decideAccess(
  fabric: Fabric,
  lists: readonly AccessList[],
  header: Header,
  direction: 'in' | 'out',
): AccessDecision {
  for (const list of lists) {
    const rule = list.rules.find((each) => each.direction === direction && isMatch(fabric, each, header));
    if (rule !== undefined) {
      const { action, span } = rule;
      return { allowed: action === 'allow', rule: { ...referenceTo(list), rule: nameOf(list, rule), span, action } };
    }
  }
  return {
    allowed: false,
    rule: { ...referenceTo(lists[0]), rule: null, span: lists[0]?.span ?? null, action: 'drop' },
  };
}

function isMatch(fabric: Fabric, { peer, service, direction }: AccessRule, header: Header): boolean {
  if (!hasService(service, header)) return false;
  if (peer === null) return true;
  const address = direction === 'in' ? header.source : header.destination;
  if ('group' in peer) return fabric.groupMembers.get(peer.group)?.has(address.value) ?? false;
  return containsAddress(peer, address);
}

function nameOf({ id, rules }: AccessList, rule: AccessRule): string {
  return `${id} ${rule.number === 0 ? rules.indexOf(rule) + 1 : rule.number} ${rule.direction}`;
}

function referenceTo(list: AccessList | undefined): Pick<RuleReference, 'layer' | 'tier' | 'policy'> {
  return { layer: null, tier: list?.kind ?? null, policy: list?.id ?? null };
}
