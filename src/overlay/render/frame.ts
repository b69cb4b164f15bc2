// Packets as bytes: Ethernet, IPv4 and IPv6, TCP, UDP, SCTP and ICMP, Geneve and VXLAN, every length and checksum right.

import type { Address } from '../../net/address.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import type { Header, TcpFlags } from '../packet/packet.ts';
import { type Encapsulation, ipHeader } from '../packet/sizes.ts';
import type { OuterHeader } from '../step/step.ts';
import { crc32c } from './crc.ts';

/** An Ethernet frame around an IP packet. */
export function ethernetFrame(source: string, destination: string, packet: Uint8Array): Uint8Array {
  const isWide = (packet[0] ?? 0) >> 4 === 6;
  return join([
    macBytes(destination),
    macBytes(source),
    Uint8Array.of(...(isWide ? [0x86, 0xdd] : [0x08, 0x00])),
    packet,
  ]);
}

/** The IP packet of a header, of `size` bytes where its headers leave room for that. */
export function ipPacket(header: Header, flags: TcpFlags | null, size: number, dontFragment: boolean): Uint8Array {
  const { source, destination, protocol, ttl } = header;
  const room = Math.max(0, size - ipHeader(header.family));
  return wrapIp(source, destination, protocol, ttl, dontFragment, transport(header, flags, room));
}

/** Between two nodes: the frame of their pods in VXLAN (RFC 7348 §5), in a packet of the machines that the nodes are. */
export function nodePacket(header: Header, vni: number, frame: Uint8Array, dontFragment: boolean): Uint8Array {
  const { source, destination, sourcePort, destinationPort, ttl } = header;
  const datagram = udp(sourcePort, destinationPort, join([tunnelHeader('vxlan', vni), frame]));
  fillChecksum(datagram, 6, source, destination, UDP);
  return wrapIp(source, destination, UDP, ttl, dontFragment, datagram);
}

/** The outer packet, around a frame. Geneve: RFC 8926 §3.4, VXLAN: RFC 7348 §5. */
export function outerPacket(outer: OuterHeader, frame: Uint8Array): Uint8Array {
  const { vni, source, destination, sourcePort, destinationPort, encapsulation } = outer;
  const datagram = udp(sourcePort, destinationPort, join([tunnelHeader(encapsulation, vni), frame]));
  fillChecksum(datagram, 6, source, destination, UDP);
  return wrapIp(source, destination, UDP, 64, true, datagram);
}

function tunnelHeader(encapsulation: Encapsulation, vni: number): Uint8Array {
  const id = [(vni >> 16) & 255, (vni >> 8) & 255, vni & 255];
  return encapsulation === 'geneve' ? Uint8Array.of(0, 0, 0x65, 0x58, ...id, 0) : Uint8Array.of(8, 0, 0, 0, ...id, 0);
}

function transport(header: Header, flags: TcpFlags | null, room: number): Uint8Array {
  const { protocol, sourcePort, destinationPort, source, destination } = header;
  const payload = (used: number): Uint8Array => new Uint8Array(Math.max(0, room - used));
  switch (protocol) {
    case TCP: {
      const segment = join([tcpHeader(sourcePort, destinationPort, flags), payload(20)]);
      fillChecksum(segment, 16, source, destination, TCP);
      return segment;
    }
    case UDP: {
      const datagram = udp(sourcePort, destinationPort, payload(8));
      fillChecksum(datagram, 6, source, destination, UDP);
      return datagram;
    }
    case SCTP: {
      // An INIT of the least size (RFC 9260 §3.3.2).
      const chunk = Uint8Array.of(1, 0, 0, 20, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1);
      const packet = join([word(sourcePort), word(destinationPort), new Uint8Array(8), chunk]);
      new DataView(packet.buffer).setUint32(8, crc32c(packet), true);
      return packet;
    }
    case ICMP:
    case ICMP6: {
      const message = join([Uint8Array.of(destinationPort & 255, sourcePort & 255, 0, 0, 0, 1, 0, 1), payload(8)]);
      if (protocol === ICMP) setWord(message, 2, foldedSum([message]));
      else fillChecksum(message, 2, source, destination, ICMP6);
      return message;
    }
    default:
      return payload(0);
  }
}

const FLAG_BITS: Readonly<Record<TcpFlags, number>> = { syn: 0x02, 'syn-ack': 0x12, ack: 0x10, fin: 0x11, rst: 0x14 };

function tcpHeader(source: number, destination: number, flags: TcpFlags | null): Uint8Array {
  const bits = FLAG_BITS[flags ?? 'ack'];
  return join([word(source), word(destination), new Uint8Array(8), Uint8Array.of(0x50, bits, 0xff, 0xff, 0, 0, 0, 0)]);
}

function udp(source: number, destination: number, payload: Uint8Array): Uint8Array {
  return join([word(source), word(destination), word(8 + payload.length), word(0), payload]);
}

function wrapIp(
  source: Address,
  destination: Address,
  protocol: number,
  ttl: number,
  dontFragment: boolean,
  payload: Uint8Array,
): Uint8Array {
  if (source.family === 6) {
    const head = Uint8Array.of(0x60, 0, 0, 0, (payload.length >> 8) & 255, payload.length & 255, protocol, ttl);
    return join([head, addressBytes(source), addressBytes(destination), payload]);
  }
  const length = 20 + payload.length;
  const head = join([
    Uint8Array.of(0x45, 0, (length >> 8) & 255, length & 255, 0, 0, dontFragment ? 0x40 : 0, 0, ttl, protocol, 0, 0),
    addressBytes(source),
    addressBytes(destination),
  ]);
  setWord(head, 10, foldedSum([head]));
  return join([head, payload]);
}

/** The checksum over the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1) and the whole of `body`. */
function fillChecksum(body: Uint8Array, at: number, source: Address, destination: Address, protocol: number): void {
  const length = Uint8Array.of(0, 0, (body.length >> 8) & 255, body.length & 255);
  const sum = foldedSum([addressBytes(source), addressBytes(destination), length, Uint8Array.of(0, protocol), body]);
  // Zero says that there is no checksum in UDP (RFC 768).
  setWord(body, at, sum === 0 && protocol === UDP ? 0xffff : sum);
}

/** The Internet checksum (RFC 1071). Every part but the last has an even length. */
function foldedSum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

function addressBytes(address: Address): Uint8Array {
  const bytes = new Uint8Array(address.family === 4 ? 4 : 16);
  let value = BigInt(address.value);
  for (let i = bytes.length - 1; i >= 0; i--) {
    bytes[i] = Number(value & 255n);
    value >>= 8n;
  }
  return bytes;
}

function macBytes(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':').map((part) => Number.parseInt(part, 16)));
}

function word(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 255, value & 255);
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  bytes.set(word(value), at);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
