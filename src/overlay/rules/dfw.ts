// The distributed firewall at one interface: what its connection table knows goes through, everything else is for the
// evaluator. Nothing here orders rules.

import type { PointDecision } from '../../evaluate/decide.ts';
import type { Direction } from '../../model/policy.ts';
import { formatAddress } from '../../net/address.ts';
import { TCP } from '../../net/protocols.ts';
import type { Fabric, Vnic } from '../fabric/fabric.ts';
import type { Disposition } from '../packet/disposition.ts';
import { DFW_TIMERS } from '../packet/states.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { answerTo, endHere, goOn, type Show } from '../step/make-step.ts';
import type { Packet, RuleReference, StageName, Step } from '../step/step.ts';
import { beginConnection, findConnection, showKnown } from './known.ts';

const NO_POINT: Show = () => ({ note: 'a host has no point' });

/** Judges the packet at the interface and sends it on to `next`. */
export function judgeAtVnic(
  packet: Packet,
  fabric: Fabric,
  vnic: Vnic,
  direction: Direction,
  next: StageName,
  isOnTheWay: boolean,
): Step {
  const stage = direction === 'out' ? 'dfw-out' : 'dfw-in';
  const { header } = packet;
  if (vnic.kind === 'host') return goOn(stage, vnic.id, 'forwarded', packet, next, NO_POINT);
  const known = findConnection(packet, 'dfw', vnic.id, DFW_TIMERS);
  if (known !== null) {
    const session = known.isNew ? known.session : null;
    return goOn(stage, vnic.id, 'allowed', packet, next, showKnown(packet, known), 'none', session);
  }
  const space = vnic.segment?.space ?? null;
  const own = ownNode(fabric, vnic, direction === 'out' ? header.source : header.destination);
  const peer = fabric.points.nodeOf(direction === 'out' ? header.destination : header.source, space);
  if (own === -1 || peer === -1) {
    const reason =
      own === -1
        ? `\`${formatAddress(direction === 'out' ? header.source : header.destination)}\` is not an address of \`${vnic.id}\``
        : 'the other address has several owners';
    return goOn(stage, vnic.id, 'in doubt', doubtful(packet, reason), next, () => ({ note: reason }));
  }
  const judged =
    direction === 'out'
      ? fabric.points.judge(direction, own, peer, header)
      : fabric.points.judge(direction, peer, own, header);
  const denied: Disposition = isOnTheWay ? 'denied-on-the-way' : direction === 'out' ? 'denied-out' : 'denied-in';
  const rules = (): readonly RuleReference[] => judged.points.map(ruleOf);
  switch (judged.verdict) {
    case 'drop':
      return endHere(stage, vnic.id, 'dropped', packet, denied, null, () => ({ rules: rules() }));
    case 'reject': {
      const kind = header.protocol === TCP ? 'tcp-reset' : 'unreachable';
      const here = copyPacket(packet);
      here.source = vnic;
      here.host = vnic.host;
      const answer = answerTo(here, kind, direction === 'out', 'segment');
      return endHere(stage, vnic.id, 'rejected', packet, denied, null, () => ({ rules: rules() }), answer);
    }
    case 'unknown': {
      const show: Show = () => ({ note: judged.reason, rules: rules() });
      const session = beginConnection(packet, 'dfw', vnic.id, DFW_TIMERS, null);
      const on = doubtful(packet, judged.reason ?? 'unknown');
      return goOn(stage, vnic.id, 'in doubt', on, next, show, 'none', session);
    }
    case 'allow': {
      if (judged.strict && packet.flags !== null && packet.flags !== 'syn') {
        const reason = 'a strict rule begins connections with their first packet only';
        return endHere(stage, vnic.id, 'dropped', packet, 'state-mismatch', reason, () => ({ rules: rules() }));
      }
      const show: Show = () => ({
        note: judged.points.length === 0 ? 'no layer judges here' : judged.stateful ? null : 'stateless',
        rules: rules(),
      });
      const session = judged.stateful
        ? beginConnection(packet, 'dfw', vnic.id, DFW_TIMERS, judged.points[0]?.rule ?? null)
        : null;
      return goOn(stage, vnic.id, 'allowed', packet, next, show, 'none', session);
    }
  }
}

function doubtful(packet: Packet, reason: string): Packet {
  if (packet.doubt !== null) return packet;
  const on = copyPacket(packet);
  on.doubt = reason;
  return on;
}

/** The node of the interface with this address; of an interface without addresses, the one of its family. */
function ownNode({ evaluator }: Fabric, vnic: Vnic, address: Packet['header']['source']): number {
  const { addresses, nodes: own } = vnic;
  if (addresses.length === own.length) {
    for (let i = 0; i < addresses.length; i++) {
      const each = addresses[i];
      if (each === address || (each?.value === address.value && each.family === address.family))
        return own[i] as number;
    }
    return -1;
  }
  const { nodes } = evaluator.universe;
  for (const index of own) {
    const node = nodes[index];
    if (node === undefined || node.kind === 'external' || node.family !== address.family) continue;
    if (node.address === null || node.address.value === address.value) return index;
  }
  return -1;
}

function ruleOf(point: PointDecision): RuleReference {
  const { layer, tier, policy, rule, span, verdict, action } = point;
  return { layer, tier, policy, rule, span, action: action ?? verdict };
}
