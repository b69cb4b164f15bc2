// The distributed firewall at one interface: what its connection table knows goes through, everything else is for the
// evaluator. Nothing here orders rules.

import type { PointDecision } from '../../evaluate/decide.ts';
import type { Direction } from '../../model/policy.ts';
import { formatAddress } from '../../net/address.ts';
import { TCP } from '../../net/protocols.ts';
import type { Fabric, Vnic } from '../fabric/fabric.ts';
import { DFW_TIMERS, nextState, type Session } from '../packet/connections.ts';
import type { Disposition } from '../packet/disposition.ts';
import { flowKey } from '../packet/packet.ts';
import { change } from '../step/change.ts';
import { answerTo, endHere, goOn, serviceOf } from '../step/make-step.ts';
import type { Packet, RuleReference, StageName, Step } from '../step/step.ts';

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
  const { header, connections, now } = packet;
  if (vnic.kind === 'host') return goOn(stage, vnic.id, 'forwarded', packet, next, { note: 'a host has no point' });
  const found = connections.find('dfw', vnic.id, packet.about ?? header, now);
  if (found !== null) {
    const { state, seconds } = nextState(found.session.state, header, packet.flags, found.way, DFW_TIMERS);
    const session: Session = { ...found.session, state, expires: now + seconds };
    return goOn(stage, vnic.id, 'allowed', packet, next, {
      note: packet.about === null ? `part of a connection (${state})` : 'about a connection',
      tables: [{ table: 'connections', key: flowKey(packet.about ?? header), value: state }],
      sessions: packet.about === null ? [session] : [],
    });
  }
  const space = vnic.segment?.space ?? null;
  const own = ownNode(fabric, vnic, direction === 'out' ? header.source : header.destination);
  const peer = fabric.points.nodeOf(direction === 'out' ? header.destination : header.source, space);
  if (own === -1 || peer === -1) {
    const reason =
      own === -1
        ? `\`${formatAddress(direction === 'out' ? header.source : header.destination)}\` is not an address of \`${vnic.id}\``
        : 'the other address has several owners';
    return goOn(stage, vnic.id, 'in doubt', doubtful(packet, reason), next, { note: reason });
  }
  const [source, destination] = direction === 'out' ? [own, peer] : [peer, own];
  const judged = fabric.points.judge(direction, source, destination, serviceOf(header));
  const rules = judged.points.map(ruleOf);
  const denied: Disposition = isOnTheWay ? 'denied-on-the-way' : direction === 'out' ? 'denied-out' : 'denied-in';
  switch (judged.verdict) {
    case 'drop':
      return endHere(stage, vnic.id, 'dropped', packet, denied, null, { rules });
    case 'reject': {
      const kind = header.protocol === TCP ? 'tcp-reset' : 'unreachable';
      const answer = answerTo(change(packet, { source: vnic, host: vnic.host }), kind, direction === 'out', 'segment');
      return endHere(stage, vnic.id, 'rejected', packet, denied, null, { rules, answer });
    }
    case 'unknown':
      return goOn(stage, vnic.id, 'in doubt', doubtful(packet, judged.reason ?? 'unknown'), next, {
        note: judged.reason,
        rules,
        sessions: remember(packet, vnic, null),
      });
    case 'allow':
      if (judged.strict && packet.flags !== null && packet.flags !== 'syn') {
        const reason = 'a strict rule begins connections with their first packet only';
        return endHere(stage, vnic.id, 'dropped', packet, 'state-mismatch', reason, { rules });
      }
      return goOn(stage, vnic.id, 'allowed', packet, next, {
        note: judged.points.length === 0 ? 'no layer judges here' : judged.stateful ? null : 'stateless',
        rules,
        sessions: judged.stateful ? remember(packet, vnic, rules[0]?.rule ?? null) : [],
      });
  }
}

function doubtful(packet: Packet, reason: string): Packet {
  return packet.doubt === null ? change(packet, { doubt: reason }) : packet;
}

function remember(packet: Packet, vnic: Vnic, rule: string | null): readonly Session[] {
  if (packet.phase === 'error') return [];
  const { state, seconds } = nextState(null, packet.header, packet.flags, 'forward', DFW_TIMERS);
  const expires = packet.now + seconds;
  return [{ kind: 'dfw', point: vnic.id, header: packet.header, translated: null, rule, state, expires }];
}

/** The node of the interface with this address; of an interface without addresses, the one of its family. */
function ownNode({ evaluator }: Fabric, vnic: Vnic, address: Packet['header']['source']): number {
  const { nodes } = evaluator.universe;
  for (const index of vnic.nodes) {
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
