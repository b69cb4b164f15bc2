// From a segment or a router to an interface: whether its host is the one the packet is in, and if not, what carries
// it there. Used by the stages that switch and route.

import { compareAddress, formatAddress } from '../../net/address.ts';
import { resolveNeighbour } from '../control/tables.ts';
import {
  type Fabric,
  type FabricHost,
  type FabricRouter,
  type FabricSegment,
  hasService,
  isUp,
  type Vnic,
} from '../fabric/fabric.ts';
import { copyPacket, type PacketDraft } from './copy-packet.ts';
import { answerTo, endHere, goOn, inPieces, type Show } from './make-step.ts';
import type { Packet, ServicePass, StageName, Step, StepAction, StepView, TableUse } from './step.ts';

const NOTHING: ServicePass['plan'] = [];

/** The first stage at an interface that is entered, and the one behind its firewall when it is left. */
export function arrivalAt(vnic: Vnic): StageName {
  return vnic.securityGroups.length > 0 ? 'security-group-in' : 'dfw-in';
}
export function departureFrom(vnic: Vnic): StageName {
  return vnic.host?.machine == null ? 'segment' : 'node';
}

/** What comes next in a service router; says it in the packet too. */
export function nextInPass(packet: PacketDraft, pass: ServicePass): StageName {
  const [next, ...plan] = pass.plan;
  packet.pass = { ...pass, plan };
  if (next !== undefined) return next;
  packet.router = pass.exitRouter;
  return pass.exit;
}

/** Switches the packet to whoever has its destination on the segment. */
export function switchOn(
  stage: StageName,
  component: string,
  packet: Packet,
  fabric: Fabric,
  segment: FabricSegment,
  action: StepAction,
  showBefore: Show | null,
): Step {
  const { destination } = packet.header;
  const vnic = segment.owners.get(destination.value);
  const used = (value: string | null) => (): Partial<StepView> => {
    const asked: TableUse = { table: destination.family === 4 ? 'arp' : 'nd', key: formatAddress(destination), value };
    return { tables: [...(showBefore?.().tables ?? []), asked] };
  };
  if (vnic === undefined) {
    if (resolveNeighbour(segment, destination).kind === 'gateway') {
      const reason = `the gateway of \`${segment.id}\` itself`;
      return endHere(stage, component, 'delivered', packet, 'delivered', reason, used(segment.gatewayMac));
    }
    const reason = `nothing on \`${segment.id}\` has \`${formatAddress(destination)}\``;
    const answer = packet.routed ? answerTo(packet, 'unreachable', false, 'router') : null;
    return endHere(stage, component, 'dropped', packet, 'arp-unresolved', reason, used(null), answer);
  }
  const show = used(vnic.mac);
  const after: StageName = packet.routed && segment.acl !== null ? 'access-list-in' : arrivalAt(vnic);
  const on = copyPacket(packet);
  on.segment = segment;
  on.target = vnic;
  on.destinationMac = vnic.mac;
  on.through = null;
  const { host } = vnic;
  const { size } = packet;
  if (size > segment.mtu) {
    return tooBig(stage, component, packet, segment.mtu, show, (cut) => {
      on.size = cut.size;
      return continueTo();
    });
  }
  return continueTo();

  function continueTo(): Step {
    if (host !== null && !isUp(fabric, host)) {
      const reason = `host \`${host.id}\` has failed`;
      return endHere(stage, component, 'dropped', packet, 'unreachable-host', reason, show);
    }
    if (host !== null && packet.host === host && segment.kind !== 'cloud') {
      return goOn(stage, component, action, on, after, show, 'host');
    }
    if (host === null && segment.kind === 'overlay') {
      const reason = `nothing says which host \`${(vnic as Vnic).endpoint}\` is on`;
      return endHere(stage, component, 'dropped', packet, 'unreachable-host', reason, show);
    }
    if (host === null || segment.kind === 'cloud') {
      on.host = host;
      on.site = (vnic as Vnic).site;
      return goOn(stage, component, action, on, after, show, 'site');
    }
    on.transport = { to: host, vni: segment.vni, vlan: segment.vlan, after };
    return goOn(stage, component, action, on, segment.vni === null ? 'underlay' : 'encapsulation', show);
  }
}

/** The edge that a flow uses: the active one, or of several active ones always the same for both of its directions. */
export function edgeFor(fabric: Fabric, router: FabricRouter, packet: Packet): FabricHost | null {
  if (router.mode === 'active-standby') return router.edges.find((edge) => isUp(fabric, edge)) ?? null;
  const up = router.edges.filter((edge) => isUp(fabric, edge));
  if (up.length < 2) return up[0] ?? null;
  const { source, destination, protocol } = packet.header;
  const [a, b] = compareAddress(source, destination) < 0 ? [source, destination] : [destination, source];
  const mixed = (Number(BigInt(a.value) % 65521n) * 31 + Number(BigInt(b.value) % 65521n) * 17 + protocol) >>> 0;
  return up[mixed % up.length] ?? null;
}

/** Sends the packet to the service router of `router`, on whatever edge has it. */
export function toServiceRouter(
  stage: StageName,
  component: string,
  packet: Packet,
  fabric: Fabric,
  router: FabricRouter,
  direction: ServicePass['direction'],
  action: StepAction,
  show: Show | null,
): Step {
  if (!hasService(router)) {
    const reason = `\`${router.id}\` has no edge for its service router`;
    return endHere(stage, component, 'dropped', packet, 'no-route', reason, show);
  }
  const edge = edgeFor(fabric, router, packet);
  if (edge === null) {
    const reason = `every edge of \`${router.id}\` has failed`;
    return endHere(stage, component, 'dropped', packet, 'unreachable-host', reason, show);
  }
  const next = copyPacket(packet);
  next.router = router;
  next.pass = { direction, plan: NOTHING, exit: 'router', exitRouter: router, translation: null };
  if (packet.host === edge) return goOn(stage, component, action, next, 'service-router', show, 'host');
  if (packet.host === null) {
    next.host = edge;
    next.site = edge.site;
    return goOn(stage, component, action, next, 'service-router', show, 'site');
  }
  next.transport = { to: edge, vni: router.transitVni, vlan: null, after: 'service-router' };
  next.destinationMac = router.mac;
  return goOn(stage, component, action, next, 'encapsulation', show);
}

/** A packet larger than what comes next: dropped where it is switched, answered or cut where it is routed. */
export function tooBig(
  stage: StageName,
  component: string,
  packet: Packet,
  mtu: number,
  show: Show | null,
  otherwise: (packet: Packet) => Step,
): Step {
  const { size, dontFragment, header, routed } = packet;
  if (routed && header.family === 4 && !dontFragment) {
    const cut = copyPacket(packet);
    cut.size = mtu;
    return inPieces(otherwise(cut), `${size} bytes in pieces of at most ${mtu}`);
  }
  const reason = `${size} bytes do not fit into ${mtu}`;
  const answer = routed ? answerTo(packet, 'too-big', false, 'router') : null;
  return endHere(stage, component, 'dropped', packet, 'too-big', reason, show, answer);
}
