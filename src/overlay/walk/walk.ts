// Walks a packet through the fabric, stage by stage, then what comes back: the reply, or the answer of whoever refused
// it. Sessions that stages return are kept between them, so that the reply meets the connection that the packet made.

import { invariant } from '../../base/invariant.ts';
import type { EndpointRef } from '../../model/question.ts';
import type { Address, Family } from '../../net/address.ts';
import { TCP } from '../../net/protocols.ts';
import type { Fabric, Vnic } from '../fabric/fabric.ts';
import { type ConnectionTable, createConnections, type Session } from '../packet/connections.ts';
import type { Disposition } from '../packet/disposition.ts';
import { type Header, isIcmp, replyHeader, type TcpFlags } from '../packet/packet.ts';
import type { Encapsulation } from '../packet/sizes.ts';
import { copyPacket } from '../step/copy-packet.ts';
import type { Answer, Packet, StageName, Step } from '../step/step.ts';
import { findEnds } from './endpoints.ts';
import { stages } from './stage-table.ts';

export interface WalkQuestion {
  readonly source: EndpointRef;
  readonly destination: EndpointRef;
  readonly family: Family | null;
  readonly protocol: number;
  /** Destination port, or ICMP type. */
  readonly a: number;
  /** Source port, or ICMP code; null: one that is free, or 0. */
  readonly b: number | null;
}

export interface WalkOptions {
  readonly ttl?: number;
  /** Bytes of the IP packet. */
  readonly size?: number;
  readonly dontFragment?: boolean;
  /** What the first TCP packet is; `syn` unless said. */
  readonly flags?: TcpFlags;
  /** Sends with this source address instead of its own. */
  readonly spoof?: Address;
  readonly encapsulation?: Encapsulation;
  /** Tables to begin with, which are added to; empty ones unless given. */
  readonly connections?: ConnectionTable;
  /** Seconds on the clock that connections expire by. */
  readonly now?: number;
}

/** One packet's way, from its first stage to where it ended. */
export interface Way {
  readonly disposition: Disposition;
  readonly reason: string | null;
  readonly steps: readonly Step[];
}

export interface Walk {
  /** null: there is nothing to walk, and `reason` says why. */
  readonly header: Header | null;
  readonly source: Vnic | null;
  readonly destination: Vnic | null;
  readonly disposition: Disposition;
  readonly reason: string | null;
  readonly steps: readonly Step[];
  /** null: it did not arrive, or nothing answers to it. */
  readonly reply: Way | null;
  /** What was sent back instead of a reply. */
  readonly answer: (Way & { readonly kind: Answer['kind']; readonly local: boolean }) | null;
  readonly sessions: readonly Session[];
}

/** From the first of the ports that no registry gives away (RFC 6335): a source port where none is asked for. */
const SOURCE_PORT = 49152;
const SMALLEST = 60;
const REPLY_FLAGS: Readonly<Record<Exclude<TcpFlags, 'rst'>, TcpFlags>> = {
  syn: 'syn-ack',
  'syn-ack': 'ack',
  ack: 'ack',
  fin: 'fin',
};
/** More than the longest way that a time to live of 255 allows. */
const MOST_STEPS = 4096;

export function walk(fabric: Fabric, question: WalkQuestion, options: WalkOptions = {}): Walk {
  const ends = findEnds(fabric, question.source, question.destination, question.family);
  if ('problem' in ends) return unwalked(ends.problem);
  const { source, destination } = ends;
  const header: Header = {
    family: ends.sourceAddress.family,
    source: options.spoof ?? ends.sourceAddress,
    destination: ends.destinationAddress,
    protocol: question.protocol,
    sourcePort: question.b ?? (isIcmp(question.protocol) ? 0 : SOURCE_PORT),
    destinationPort: question.a,
    ttl: options.ttl ?? 64,
  };
  if (header.source.family !== header.destination.family) {
    return unwalked('the source address is of another family than the destination');
  }
  if (
    source !== null &&
    destination !== null &&
    source.endpoint === destination.endpoint &&
    source.kind === destination.kind
  ) {
    return { ...unwalked('it is itself'), header, source, destination, disposition: 'delivered' };
  }
  const connections = options.connections ?? createConnections();
  const packet: Packet = {
    header,
    flags: question.protocol === TCP ? (options.flags ?? 'syn') : null,
    phase: 'request',
    about: null,
    size: options.size ?? SMALLEST,
    dontFragment: options.dontFragment ?? true,
    host: null,
    site: null,
    router: null,
    segment: null,
    source,
    target: null,
    origin: source,
    sourceMac: source?.mac ?? '',
    destinationMac: '',
    routed: false,
    transport: null,
    pass: null,
    through: null,
    inner: null,
    doubt: null,
    encapsulation: options.encapsulation ?? 'geneve',
    connections,
    now: options.now ?? 0,
  };
  const way = run(fabric, packet, source === null ? 'uplink' : 'vnic', connections);
  const last = way.steps.at(-1);
  const { steps, disposition, reason } = way;
  const isDelivered = disposition === 'delivered' && last !== undefined;
  const reply = isDelivered ? walkReply(fabric, last.packet, connections) : null;
  const answer = isDelivered || last?.answer == null ? null : answerWay(fabric, last.answer, connections);
  const isLost = reply !== null && reply.disposition !== 'delivered';
  return {
    header,
    source,
    destination,
    disposition: !isLost ? disposition : reply.disposition === 'unknown' ? 'unknown' : 'reply-blocked',
    reason: isLost ? reply.reason : reason,
    steps,
    reply,
    answer,
    sessions: connections.all(),
  };
}

/** What answers to a packet that arrived, on its way back; null: nothing does. */
function walkReply(fabric: Fabric, arrived: Packet, connections: ConnectionTable): Way | null {
  const header = replyHeader(arrived.header);
  const { target, segment } = arrived;
  // A gateway that was asked itself answers by itself.
  if (header === null || arrived.flags === 'rst' || (target === null && segment !== null)) return null;
  const packet = copyPacket(arrived);
  packet.header = header;
  packet.flags = arrived.flags === null ? null : REPLY_FLAGS[arrived.flags];
  packet.phase = 'reply';
  packet.size = SMALLEST;
  packet.source = target;
  packet.origin = target;
  packet.target = null;
  packet.router = null;
  packet.host = null;
  packet.segment = null;
  packet.pass = null;
  packet.through = null;
  packet.inner = null;
  packet.transport = null;
  packet.routed = false;
  packet.doubt = null;
  return run(fabric, packet, target === null ? 'uplink' : 'vnic', connections);
}

function answerWay(fabric: Fabric, answer: Answer, connections: ConnectionTable): NonNullable<Walk['answer']> {
  const { kind, local } = answer;
  if (local) return { kind, local, disposition: 'delivered', reason: null, steps: [] };
  const { disposition, reason, steps } = run(fabric, answer.packet, answer.stage, connections);
  return { kind, local, disposition, reason, steps };
}

function run(fabric: Fabric, start: Packet, first: StageName, connections: ConnectionTable): Way {
  const steps: Step[] = [];
  let packet = start;
  let stage: StageName = first;
  for (let i = 0; i < MOST_STEPS; i++) {
    const step = stages[stage](packet, fabric);
    steps.push(step);
    if (step.session !== null) connections.add(step.session);
    if (step.end !== null) return { disposition: step.end.disposition, reason: step.end.reason, steps };
    invariant(step.next !== null, 'a step ends or goes on');
    packet = step.packet;
    stage = step.next;
  }
  return { disposition: 'ttl-exceeded', reason: 'it goes round', steps };
}

function unwalked(reason: string): Walk {
  return {
    header: null,
    source: null,
    destination: null,
    disposition: 'unknown',
    reason,
    steps: [],
    reply: null,
    answer: null,
    sessions: [],
  };
}
