// Address translation of one service router: what becomes of a header that goes up and out, or comes in and down.
// A connection is translated, or not, as its first packet was until it ends, back as well as forth.

import type { FirewallMatch, NatRule } from '../../model/network/network.ts';
import type { Address } from '../../net/address.ts';
import type { AddressSet } from '../../net/address-set.ts';
import type { FabricRouter } from '../fabric/fabric.ts';
import type { Connections } from '../packet/connections.ts';
import { type Header, hasPorts, replyHeader } from '../packet/packet.ts';
import type { Packet, Translation } from '../step/step.ts';
import { matches } from './match.ts';

export interface NatMatch {
  readonly translation: Translation | null;
  readonly match: FirewallMatch;
}

const UNTRANSLATED: NatMatch = { translation: null, match: 'internal' };

/** What the router makes of the packet's header; `up` translates sources, `down` destinations. */
export function translate(router: FabricRouter, packet: Packet, direction: 'up' | 'down'): NatMatch {
  const { header, about, connections, now } = packet;
  if (about !== null) return translateError(router, header, about, connections, now);
  const known = connections.find('nat', router.id, header, now);
  if (known !== null) {
    const { session, way } = known;
    const { translated: made } = session;
    if (made === null) return UNTRANSLATED;
    const rule = router.nat.find(({ id }) => id === session.rule);
    const next = way === 'forward' ? keepTtl(made, header) : keepTtl(turn(session.header, header), header);
    const reference = referenceTo(rule ?? null, session.rule);
    return {
      translation: { header: next, about: null, rule: reference, isNew: false },
      match: rule?.match ?? 'internal',
    };
  }
  const wanted = direction === 'up' ? ['snat', 'no-snat'] : ['dnat', 'no-dnat'];
  const rule = router.nat.find(({ action, ...match }) => wanted.includes(action) && matches(match, header));
  if (rule === undefined || rule.translated === null) return { translation: null, match: rule?.match ?? 'internal' };
  const address = pick(rule.translated, header);
  const next: Header =
    rule.action === 'snat'
      ? { ...header, source: address, sourcePort: portOf(header, rule.translatedPort, header.sourcePort) }
      : {
          ...header,
          destination: address,
          destinationPort: portOf(header, rule.translatedPort, header.destinationPort),
        };
  return { translation: { header: next, about: null, rule: referenceTo(rule, null), isNew: true }, match: rule.match };
}

/** An error goes back to whoever sent what it is about, under that sender's own address. */
function translateError(
  router: FabricRouter,
  header: Header,
  about: Header,
  connections: Connections,
  now: number,
): NatMatch {
  const back = replyHeader(about);
  const known = back === null ? null : connections.find('nat', router.id, back, now);
  if (known === null || known.way !== 'back' || known.session.translated === null) return UNTRANSLATED;
  const { session } = known;
  const rule = router.nat.find(({ id }) => id === session.rule);
  const isReset = header.protocol === about.protocol;
  const next: Header = isReset
    ? keepTtl(turn(session.header, header), header)
    : { ...header, destination: session.header.source };
  const reference = referenceTo(rule ?? null, session.rule);
  return {
    translation: { header: next, about: session.header, rule: reference, isNew: false },
    match: rule?.match ?? 'internal',
  };
}

function portOf({ protocol }: Header, translated: number | null, own: number): number {
  return translated === null || !hasPorts(protocol) ? own : translated;
}

/** The other way round, as the reply to what was there before translation. */
function turn(before: Header, reply: Header): Header {
  const isPorted = hasPorts(reply.protocol);
  return {
    ...reply,
    source: before.destination,
    destination: before.source,
    sourcePort: isPorted ? before.destinationPort : reply.sourcePort,
    destinationPort: isPorted ? before.sourcePort : reply.destinationPort,
  };
}

function keepTtl(header: Header, { ttl }: Header): Header {
  return { ...header, ttl };
}

/** Of a pool the address for a source is always the same. */
function pick(pool: AddressSet, header: Header): Address {
  if (header.family === 4) {
    const [lo = 0, hi = lo] = pool.v4;
    return { family: 4, value: lo + (Number(header.source.value) % (hi - lo + 1)) };
  }
  const [lo = 0n, hi = lo] = pool.v6;
  return { family: 6, value: lo + (BigInt(header.source.value) % (hi - lo + 1n)) };
}

function referenceTo(rule: NatRule | null, id: string | null): Translation['rule'] {
  return {
    layer: null,
    tier: 'nat',
    policy: null,
    rule: rule?.id ?? id,
    span: rule?.span ?? null,
    action: rule?.action ?? 'nat',
  };
}
