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
import { change } from './change.ts';
import { answerTo, endHere, goOn } from './make-step.ts';
import type { Packet, ServicePass, StageName, Step, StepAction, TableUse } from './step.ts';

/** The machine that an interface is plugged into; a pod of a node that is a virtual machine is in the node. */
export function hostOf(vnic: Vnic): FabricHost | null {
  return vnic.host;
}

/** The first stage at an interface that is entered, and the one behind its firewall when it is left. */
export function arrivalAt(vnic: Vnic): StageName {
  return vnic.securityGroups.length > 0 ? 'security-group-in' : 'dfw-in';
}
export function departureFrom(vnic: Vnic): StageName {
  return vnic.host?.machine == null ? 'segment' : 'node';
}

/** What comes next in a service router. */
export function nextInPass(packet: Packet, pass: ServicePass): { readonly packet: Packet; readonly next: StageName } {
  const [next, ...plan] = pass.plan;
  if (next !== undefined) return { packet: change(packet, { pass: { ...pass, plan } }), next };
  return { packet: change(packet, { pass, router: pass.exitRouter }), next: pass.exit };
}

/** Switches the packet to whoever has its destination on the segment. */
export function switchOn(
  stage: StageName,
  component: string,
  packet: Packet,
  fabric: Fabric,
  segment: FabricSegment,
  action: StepAction,
  tables: readonly TableUse[],
): Step {
  const { destination } = packet.header;
  const table = destination.family === 4 ? 'arp' : 'nd';
  const key = formatAddress(destination);
  const found = resolveNeighbour(segment, destination);
  if (found.kind === 'gateway') {
    const used = [...tables, { table, key, value: segment.gatewayMac } as const];
    return endHere(stage, component, 'delivered', packet, 'delivered', `the gateway of \`${segment.id}\` itself`, {
      tables: used,
    });
  }
  if (found.kind === 'unknown') {
    const reason = `nothing on \`${segment.id}\` has \`${key}\``;
    const answer = packet.routed ? answerTo(packet, 'unreachable', false, 'router') : null;
    return endHere(stage, component, 'dropped', packet, 'arp-unresolved', reason, {
      tables: [...tables, { table, key, value: null }],
      answer,
    });
  }
  const { vnic } = found;
  const used: TableUse[] = [...tables, { table, key, value: vnic.mac }];
  const after: StageName = packet.routed && segment.acl !== null ? 'access-list-in' : arrivalAt(vnic);
  const on: Packet = change(packet, { segment, target: vnic, destinationMac: vnic.mac, through: null });
  if (packet.size > segment.mtu) return tooBig(stage, component, packet, segment.mtu, used, () => continueTo(on));
  return continueTo(on);

  function continueTo(next: Packet): Step {
    const host = hostOf(vnic);
    if (host !== null && !isUp(fabric, host)) {
      return endHere(stage, component, 'dropped', packet, 'unreachable-host', `host \`${host.id}\` has failed`, {
        tables: used,
      });
    }
    if (segment.kind === 'cloud') {
      const there: Packet = change(next, { host, site: vnic.site });
      return goOn(stage, component, action, there, after, { tables: used, latency: 'site' });
    }
    if (host === null) {
      if (segment.kind === 'overlay') {
        const reason = `nothing says which host \`${vnic.endpoint}\` is on`;
        return endHere(stage, component, 'dropped', packet, 'unreachable-host', reason, { tables: used });
      }
      const there: Packet = change(next, { host: null, site: vnic.site });
      return goOn(stage, component, action, there, after, { tables: used, latency: 'site' });
    }
    if (packet.host === host) return goOn(stage, component, action, next, after, { tables: used, latency: 'host' });
    return carry(stage, component, next, host, segment, after, action, used);
  }
}

/** Hands the packet to encapsulation, or to the wire where the segment is a VLAN. */
export function carry(
  stage: StageName,
  component: string,
  packet: Packet,
  to: FabricHost,
  segment: FabricSegment,
  after: StageName,
  action: StepAction,
  tables: readonly TableUse[],
): Step {
  const { vni, vlan } = segment;
  const carried: Packet = change(packet, { transport: { to, vni, vlan, after } });
  return goOn(stage, component, action, carried, vni === null ? 'underlay' : 'encapsulation', { tables });
}

/** The edge that a flow uses: the active one, or of several active ones always the same for both of its directions. */
export function edgeFor(fabric: Fabric, router: FabricRouter, packet: Packet): FabricHost | null {
  const up = router.edges.filter((edge) => isUp(fabric, edge));
  if (router.mode === 'active-standby' || up.length < 2) return up[0] ?? null;
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
  tables: readonly TableUse[],
): Step {
  if (!hasService(router)) {
    const reason = `\`${router.id}\` has no edge for its service router`;
    return endHere(stage, component, 'dropped', packet, 'no-route', reason, { tables });
  }
  const edge = edgeFor(fabric, router, packet);
  if (edge === null) {
    const reason = `every edge of \`${router.id}\` has failed`;
    return endHere(stage, component, 'dropped', packet, 'unreachable-host', reason, { tables });
  }
  const pass = { direction, plan: [], exit: 'router', exitRouter: router, translation: null } as const;
  const next: Packet = change(packet, { router, pass });
  if (packet.host === edge) return goOn(stage, component, action, next, 'service-router', { tables, latency: 'host' });
  if (packet.host === null) {
    const there: Packet = change(next, { host: edge, site: edge.site });
    return goOn(stage, component, action, there, 'service-router', { tables, latency: 'site' });
  }
  const transport = { to: edge, vni: router.transitVni, vlan: null, after: 'service-router' } as const;
  return goOn(stage, component, action, change(next, { destinationMac: router.mac, transport }), 'encapsulation', {
    tables,
  });
}

/** A packet larger than what comes next: dropped where it is switched, answered or cut where it is routed. */
export function tooBig(
  stage: StageName,
  component: string,
  packet: Packet,
  mtu: number,
  tables: readonly TableUse[],
  otherwise: (packet: Packet) => Step,
): Step {
  const { size, dontFragment, header, routed } = packet;
  if (routed && header.family === 4 && !dontFragment) {
    const step = otherwise(change(packet, { size: mtu }));
    const note = `${size} bytes in pieces of at most ${mtu}`;
    return { ...step, action: 'fragmented', note: step.note === null ? note : `${note}; ${step.note}` };
  }
  const reason = `${size} bytes do not fit into ${mtu}`;
  const answer = routed ? answerTo(packet, 'too-big', false, 'router') : null;
  return endHere(stage, component, 'dropped', packet, 'too-big', reason, { tables, answer });
}
