// The two kinds of step: one after which the packet goes on, and one at which it ends.

import type { Disposition } from '../packet/disposition.ts';
import { type Header, isIcmp } from '../packet/packet.ts';
import { change } from './change.ts';
import type { Answer, Packet, StageName, Step, StepAction } from './step.ts';

type Details = Partial<Pick<Step, 'note' | 'rules' | 'tables' | 'outer' | 'latency' | 'sessions' | 'answer'>>;

const NOTHING: Details = {};
const NO_RULES: Step['rules'] = [];
const NO_TABLES: Step['tables'] = [];
const NO_SESSIONS: Step['sessions'] = [];

// Every step is written out field by field: steps of one shape are what makes a walk fast.

export function goOn(
  stage: StageName,
  component: string,
  action: StepAction,
  packet: Packet,
  next: StageName,
  details: Details = NOTHING,
): Step {
  return {
    stage,
    component,
    action,
    note: details.note ?? null,
    rules: details.rules ?? NO_RULES,
    tables: details.tables ?? NO_TABLES,
    outer: details.outer ?? null,
    latency: details.latency ?? 'none',
    packet,
    next,
    end: null,
    sessions: details.sessions ?? NO_SESSIONS,
    answer: details.answer ?? null,
  };
}

export function endHere(
  stage: StageName,
  component: string,
  action: StepAction,
  packet: Packet,
  disposition: Disposition,
  reason: string | null,
  details: Details = NOTHING,
): Step {
  return {
    stage,
    component,
    action,
    note: details.note ?? null,
    rules: details.rules ?? NO_RULES,
    tables: details.tables ?? NO_TABLES,
    outer: details.outer ?? null,
    latency: details.latency ?? 'none',
    packet,
    next: null,
    end: { disposition, reason },
    sessions: details.sessions ?? NO_SESSIONS,
    answer: details.answer ?? null,
  };
}

/** Bytes of the IP packets that are answered with: a TCP header, or ICMP with what it is about. */
const ANSWER_SIZE = 56;

/**
 * The answer of a device or a host to a packet: null to what is itself an error, which must never be answered by
 * another (RFC 1122 §3.2.2, RFC 4443 §2.4). It sets out from where the packet is, at `stage`.
 */
export function answerTo(packet: Packet, kind: Answer['kind'], local: boolean, stage: StageName): Answer | null {
  if (packet.phase === 'error') return null;
  const { header } = packet;
  // What a router says it says with its own address; a point of enforcement speaks for the destination.
  const gateway =
    stage === 'router' ? packet.segment?.subnets.find((each) => each.gateway.family === header.family) : null;
  const back: Header = {
    ...header,
    source: gateway?.gateway ?? header.destination,
    destination: header.source,
    ttl: 64,
  };
  const isReset = kind === 'tcp-reset';
  const answer: Header = isReset
    ? { ...back, sourcePort: header.destinationPort, destinationPort: header.sourcePort }
    : { ...back, protocol: header.family === 4 ? 1 : 58, destinationPort: icmpType(header, kind), sourcePort: 0 };
  return {
    kind,
    local,
    stage,
    packet: change(packet, {
      header: answer,
      flags: isReset ? 'rst' : null,
      phase: 'error',
      about: header,
      size: ANSWER_SIZE,
      doubt: null,
      transport: null,
      pass: null,
      through: null,
      inner: null,
      target: null,
    }),
  };
}

/** RFC 792: 3 unreachable (too big among them), 11 time exceeded. RFC 4443: 1, 2, 3. */
function icmpType({ family }: Header, kind: Answer['kind']): number {
  if (kind === 'time-exceeded') return family === 4 ? 11 : 3;
  if (kind === 'too-big') return family === 4 ? 3 : 2;
  return family === 4 ? 3 : 1;
}

/** A service question about exactly this header. */
export function serviceOf(header: Header): { readonly protocol: number; readonly a: number; readonly b: number } {
  const { protocol, destinationPort, sourcePort } = header;
  const hasParts = protocol === 6 || protocol === 17 || protocol === 132 || isIcmp(protocol);
  return hasParts ? { protocol, a: destinationPort, b: sourcePort } : { protocol, a: 0, b: 0 };
}
