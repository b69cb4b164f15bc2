// A walk as a capture file (pcapng): the packet as it is at each place where one could listen, each place an interface
// of the file by its name, encapsulated where it is on the wire between hosts.

import { formatAddress } from '../../net/address.ts';
import { macFor } from '../fabric/mac.ts';
import type { LatencyClass, Packet, Step } from '../step/step.ts';
import type { Walk } from '../walk/walk.ts';
import { ethernetFrame, ipPacket, join, nodePacket, outerPacket } from './frame.ts';

export interface Capture {
  /** Where it was listened: an interface of a workload, a host's tunnel endpoint, an uplink. */
  readonly point: string;
  readonly frame: Uint8Array;
  /** Microseconds since the first packet set out. */
  readonly time: number;
}

/** What may lie between two places, for times that grow as a reader expects. */
const DELAYS: Readonly<Record<LatencyClass, number>> = { none: 1, host: 5, site: 100, wide: 20_000, outside: 30_000 };
/** Somebody else's router: there is nothing to know of it but that it is there. */
const ELSEWHERE = '02:00:00:00:00:01';

/** The frames of the packet and of what came back, in the order of time. */
export function captureWalk(walk: Walk): readonly Capture[] {
  const captures: Capture[] = [];
  let time = 0;
  for (const step of [...walk.steps, ...(walk.reply?.steps ?? []), ...(walk.answer?.steps ?? [])]) {
    time += DELAYS[step.latency];
    const taken = listen(step);
    if (taken !== null) captures.push({ ...taken, time });
  }
  return captures;
}

function listen(step: Step): Omit<Capture, 'time'> | null {
  const { stage, packet, component, outer } = step;
  switch (stage) {
    case 'vnic': {
      const { source } = packet;
      if (source === null || step.end !== null) return null;
      const near = source.segment?.owners.get(packet.header.destination.value)?.mac;
      const mac = near ?? source.segment?.gatewayMac ?? ELSEWHERE;
      return { point: component, frame: ethernetFrame(source.mac, mac, inner(packet)) };
    }
    case 'encapsulation': {
      if (outer === null) return null;
      const frame = ethernetFrame(packet.sourceMac, packet.destinationMac, inner(packet));
      const [from, to] = [outer.source, outer.destination].map((tep) => macFor(`tep ${formatAddress(tep)}`, new Set()));
      return {
        point: `${component} ${formatAddress(outer.source)}`,
        frame: ethernetFrame(from as string, to as string, outerPacket(outer, frame)),
      };
    }
    case 'uplink': {
      if (step.end !== null) return null;
      const mac = packet.sourceMac === '' ? ELSEWHERE : packet.sourceMac;
      return { point: component, frame: ethernetFrame(mac, ELSEWHERE, inner(packet)) };
    }
    case 'delivery': {
      const { target } = packet;
      if (target === null || step.end?.disposition !== 'delivered') return null;
      return { point: target.id, frame: ethernetFrame(packet.sourceMac, target.mac, inner(packet)) };
    }
    default:
      return null;
  }
}

/** The one network that the tunnels between nodes are: plug-ins that need a number use the first. */
const NODE_VNI = 1;

function inner({ header, flags, size, dontFragment, inner: pods, source, target }: Packet): Uint8Array {
  if (pods === null) return ipPacket(header, flags, size, dontFragment);
  const own = ipPacket(pods.header, flags, pods.size, dontFragment);
  const sender = macFor(`node tunnel ${source?.id ?? target?.id ?? ''}`, new Set());
  return nodePacket(header, NODE_VNI, ethernetFrame(sender, pods.target.mac, own), dontFragment);
}

/** The file. Times begin at the epoch: a simulated packet was sent at no time in particular. */
export function renderPcap(walk: Walk): Uint8Array {
  const captures = captureWalk(walk);
  const points = [...new Set(captures.map(({ point }) => point))];
  return join([
    block(0x0a0d0d0a, join([numbers(0x1a2b3c4d), Uint8Array.of(1, 0, 0, 0), numbers(0xffffffff, 0xffffffff)])),
    ...points.map((point) => block(1, join([Uint8Array.of(1, 0, 0, 0), numbers(0), option(2, point), END]))),
    ...captures.map(({ point, frame, time }) => {
      const head = numbers(points.indexOf(point), 0, time, frame.length, frame.length);
      return block(6, join([head, padded(frame)]));
    }),
  ]);
}

/** A block of pcapng: type and length around it, the length once more behind. */
function block(type: number, body: Uint8Array): Uint8Array {
  const length = body.length + 12;
  return join([numbers(type, length), body, numbers(length)]);
}

const END = Uint8Array.of(0, 0, 0, 0);

function option(code: number, text: string): Uint8Array {
  const bytes = Uint8Array.from(unescape(encodeURIComponent(text)), (unit) => unit.charCodeAt(0));
  const head = Uint8Array.of(code & 255, code >> 8, bytes.length & 255, bytes.length >> 8);
  return join([head, padded(bytes)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return join([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);
}

/** 32-bit numbers, the lowest byte first. */
function numbers(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap((value) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]),
  );
}
