// A node that is itself a virtual machine: what its pods send to each other on other nodes travels inside a packet
// between the nodes, everything else with the node's own address. Either way the node's interface is next.

import { formatAddress } from '../../net/address.ts';
import type { Fabric } from '../fabric/fabric.ts';
import { EDGE_TIMERS, nextState } from '../packet/connections.ts';
import { flowKey, type Header } from '../packet/packet.ts';
import { overhead } from '../packet/sizes.ts';
import { change } from '../step/change.ts';
import { endHere, goOn } from '../step/make-step.ts';
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
    const near: Packet = change(packet, { target: peer, destinationMac: peer.mac });
    return goOn('node', host.id, 'switched', near, arrivalAt(peer), { latency: 'host' });
  }
  const family = header.family;
  const own = machine.addresses.find((address) => address.family === family);
  if (own === undefined) {
    return endHere('node', host.id, 'dropped', packet, 'no-route', `\`${machine.id}\` has no address of this family`);
  }
  const onMachine: Packet = change(packet, { source: machine, host: machine.host, site: machine.site, target: null });
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
    const size = packet.size + overhead(family);
    const inner = { header, target: peer, size: packet.size };
    return goOn('node', host.id, 'encapsulated', change(onMachine, { header: between, inner, size }), 'vnic', {
      note: `between the nodes ${formatAddress(own)} and ${formatAddress(far)}`,
    });
  }
  const masked: Header = { ...header, source: own };
  const { state, seconds } = nextState(null, header, packet.flags, 'forward', EDGE_TIMERS);
  const isKnown = packet.connections.find('nat', host.id, header, packet.now) !== null;
  return goOn('node', host.id, 'translated', change(onMachine, { header: masked }), 'vnic', {
    note: `with the address of the node, ${formatAddress(own)}`,
    tables: [{ table: 'connections', key: flowKey(header), value: isKnown ? 'known' : null }],
    sessions: [
      {
        kind: 'nat',
        point: host.id,
        header,
        translated: masked,
        rule: null,
        state,
        expires: packet.now + seconds,
      },
    ],
  });
};

/** What a node that gets a packet for itself has to do with it: hand it to a pod; null: it is for the node. */
export function unwrapAtNode(packet: Packet, fabric: Fabric): Packet | null {
  const { target, inner, header, connections, now } = packet;
  if (inner !== null) {
    const { header: original, target: pod, size } = inner;
    const { host, segment } = pod;
    return change(packet, { header: original, size, inner: null, source: target, target: pod, host, segment });
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
  return change(packet, { header: { ...header, destination: address }, source: target, target: pod, host, segment });
}
