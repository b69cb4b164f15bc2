// A node that is itself a virtual machine: what its pods send to each other on other nodes travels inside a packet
// between the nodes, everything else with the node's own address. Either way the node's interface is next.

import { formatAddress } from '../../net/address.ts';
import type { Fabric } from '../fabric/fabric.ts';
import { flowKey, type Header } from '../packet/packet.ts';
import { overhead } from '../packet/sizes.ts';
import { EDGE_TIMERS } from '../packet/states.ts';
import { beginConnection, findConnection } from '../rules/known.ts';
import { copyPacket } from '../step/copy-packet.ts';
import { endHere, goOn, type Show } from '../step/make-step.ts';
import { arrivalAt } from '../step/reach.ts';
import type { Packet, Stage } from '../step/step.ts';

/** The cluster's own tunnels between nodes (VXLAN, RFC 7348), which the fabric sees as UDP. */
const NODE_TUNNEL_PORT = 4789;
const FIRST_PORT = 49152;

export const node: Stage = (packet) => {
  const { source, header } = packet;
  const host = source?.host ?? null;
  const machine = host?.machine ?? null;
  if (source === null || host === null || machine === null) {
    return endHere('node', 'outside', 'dropped', packet, 'unknown', 'no node sends this');
  }
  const peer = source.segment?.owners.get(header.destination.value);
  if (peer?.host === host) {
    const near = copyPacket(packet);
    near.target = peer;
    near.destinationMac = peer.mac;
    return goOn('node', host.id, 'switched', near, arrivalAt(peer), null, 'host');
  }
  const family = header.family;
  const own = machine.addresses.find((address) => address.family === family);
  if (own === undefined) {
    return endHere('node', host.id, 'dropped', packet, 'no-route', `\`${machine.id}\` has no address of this family`);
  }
  const onMachine = copyPacket(packet);
  onMachine.source = machine;
  onMachine.host = machine.host;
  onMachine.site = machine.site;
  onMachine.target = null;
  const other = peer?.host?.machine ?? null;
  if (peer !== undefined && other !== null) {
    const far = other.addresses.find((address) => address.family === family);
    if (far === undefined) {
      return endHere('node', host.id, 'dropped', packet, 'no-route', `\`${other.id}\` has no address of this family`);
    }
    const between: Header = {
      family,
      source: own,
      destination: far,
      protocol: 17,
      sourcePort: FIRST_PORT + Number(BigInt(header.destination.value) % 16384n),
      destinationPort: NODE_TUNNEL_PORT,
      ttl: 64,
    };
    onMachine.header = between;
    onMachine.inner = { header, target: peer, size: packet.size };
    onMachine.size = packet.size + overhead(family);
    return goOn('node', host.id, 'encapsulated', onMachine, 'vnic', () => ({
      note: `between the nodes ${formatAddress(own)} and ${formatAddress(far)}`,
    }));
  }
  const masked: Header = { ...header, source: own };
  onMachine.header = masked;
  const known = findConnection(packet, 'nat', host.id, EDGE_TIMERS);
  const show: Show = () => ({
    note: `with the address of the node, ${formatAddress(own)}`,
    tables: [{ table: 'connections', key: flowKey(header), value: known === null ? null : 'known' }],
  });
  const session = known?.session ?? beginConnection(packet, 'nat', host.id, EDGE_TIMERS, null, masked);
  return goOn('node', host.id, 'translated', onMachine, 'vnic', show, 'none', session);
};

/** What a node that gets a packet for itself has to do with it: hand it to a pod; null: it is for the node. */
export function unwrapAtNode(packet: Packet, fabric: Fabric): Packet | null {
  const { target, inner, header, connections, now } = packet;
  if (inner !== null) {
    const { header: original, target: pod, size } = inner;
    const { host, segment } = pod;
    const out = copyPacket(packet);
    out.header = original;
    out.size = size;
    out.inner = null;
    out.source = target;
    out.target = pod;
    out.host = host;
    out.segment = segment;
    return out;
  }
  const nested = target === null ? undefined : fabric.nested.get(target.id);
  if (nested === undefined) return null;
  // A pod whose connection went out with the node's address gets what comes back.
  const found = connections.find('nat', nested.host.id, packet.about ?? header, now);
  if (found === null || found.way !== 'back') return null;
  const { source: address } = found.session.header;
  const pod = nested.pods.get(address.value);
  if (pod === undefined) return null;
  const { host, segment } = pod;
  const out = copyPacket(packet);
  out.header = { ...header, destination: address };
  out.source = target;
  out.target = pod;
  out.host = host;
  out.segment = segment;
  return out;
}
