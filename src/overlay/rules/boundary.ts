// The access list of a segment: numbered, stateless, at the segment's boundary in one direction.

import type { Fabric, FabricSegment } from '../fabric/fabric.ts';
import { endHere, goOn } from '../step/make-step.ts';
import type { Packet, StageName, Step } from '../step/step.ts';
import { decideAccess } from './access.ts';

export function judgeBoundary(
  packet: Packet,
  fabric: Fabric,
  segment: FabricSegment | null,
  direction: 'in' | 'out',
  next: StageName,
): Step {
  const stage = direction === 'out' ? 'access-list-out' : 'access-list-in';
  const acl = segment?.acl ?? null;
  if (segment === null || acl === null) return goOn(stage, segment?.id ?? 'outside', 'forwarded', packet, next);
  const component = `${segment.id} ${acl.id}`;
  const { allowed, rule } = decideAccess(fabric, [acl], packet.header, direction);
  if (allowed) return goOn(stage, component, 'allowed', packet, next, () => ({ rules: [rule], note: 'stateless' }));
  const reason = rule.rule === null ? `no rule of \`${acl.id}\` allows it ${direction}` : null;
  return endHere(stage, component, 'dropped', packet, 'denied-at-boundary', reason, () => ({ rules: [rule] }));
}
