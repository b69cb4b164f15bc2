// The two kinds of step: one after which the packet goes on, and one at which it ends. What a step shows of itself is
// made when somebody looks at it: most walks are asked for how they end, and texts cost more than the way itself.

import type { Session } from '../packet/connections.ts';
import type { Disposition } from '../packet/disposition.ts';
import type { Header } from '../packet/packet.ts';
import { copyPacket } from './copy-packet.ts';
import type { Answer, LatencyClass, Packet, StageName, Step, StepAction, StepEnd, StepView } from './step.ts';

/** What a step shows; called once at most, and only if somebody looks. Reads nothing that changes. */
export type Show = () => Partial<StepView>;

const NO_RULES: Step['rules'] = [];
const NO_TABLES: Step['tables'] = [];

class MadeStep implements Step {
  readonly stage: StageName;
  readonly component: string;
  readonly action: StepAction;
  readonly packet: Packet;
  readonly next: StageName | null;
  readonly end: StepEnd | null;
  readonly latency: LatencyClass;
  readonly session: Session | null;
  readonly answer: Answer | null;
  readonly show: Show | null;
  private shown: Partial<StepView> | null;

  constructor(
    stage: StageName,
    component: string,
    action: StepAction,
    packet: Packet,
    next: StageName | null,
    end: StepEnd | null,
    latency: LatencyClass,
    session: Session | null,
    answer: Answer | null,
    show: Show | null,
  ) {
    this.stage = stage;
    this.component = component;
    this.action = action;
    this.packet = packet;
    this.next = next;
    this.end = end;
    this.latency = latency;
    this.session = session;
    this.answer = answer;
    this.show = show;
    this.shown = null;
  }

  get note() {
    return this.view().note ?? null;
  }
  get rules() {
    return this.view().rules ?? NO_RULES;
  }
  get tables() {
    return this.view().tables ?? NO_TABLES;
  }
  get outer() {
    return this.view().outer ?? null;
  }

  private view(): Partial<StepView> {
    this.shown ??= this.show === null ? {} : this.show();
    return this.shown;
  }
}

export function goOn(
  stage: StageName,
  component: string,
  action: StepAction,
  packet: Packet,
  next: StageName,
  show: Show | null = null,
  latency: LatencyClass = 'none',
  session: Session | null = null,
): Step {
  return new MadeStep(stage, component, action, packet, next, null, latency, session, null, show);
}

export function endHere(
  stage: StageName,
  component: string,
  action: StepAction,
  packet: Packet,
  disposition: Disposition,
  reason: string | null,
  show: Show | null = null,
  answer: Answer | null = null,
  latency: LatencyClass = 'none',
): Step {
  return new MadeStep(stage, component, action, packet, null, { disposition, reason }, latency, null, answer, show);
}

/** The same step, over a longer way. */
export function farther(step: Step, latency: LatencyClass): Step {
  const { stage, component, action, packet, next, end, session, answer } = step;
  return new MadeStep(stage, component, action, packet, next, end, latency, session, answer, viewOf(step));
}

/** The same step, with the packet in pieces. */
export function inPieces(step: Step, note: string): Step {
  const { stage, component, packet, next, end, latency, session, answer } = step;
  const show: Show = () => ({ ...viewOf(step)(), note: step.note === null ? note : `${note}; ${step.note}` });
  return new MadeStep(stage, component, 'fragmented', packet, next, end, latency, session, answer, show);
}

function viewOf(step: Step): Show {
  return () => ({ note: step.note, rules: step.rules, tables: step.tables, outer: step.outer });
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
  const sent = copyPacket(packet);
  sent.header = answer;
  sent.flags = isReset ? 'rst' : null;
  sent.phase = 'error';
  sent.about = header;
  sent.size = ANSWER_SIZE;
  sent.doubt = null;
  sent.transport = null;
  sent.pass = null;
  sent.through = null;
  sent.inner = null;
  sent.target = null;
  return { kind, local, stage, packet: sent };
}

/** RFC 792: 3 unreachable (too big among them), 11 time exceeded. RFC 4443: 1, 2, 3. */
function icmpType({ family }: Header, kind: Answer['kind']): number {
  if (kind === 'time-exceeded') return family === 4 ? 11 : 3;
  if (kind === 'too-big') return family === 4 ? 3 : 2;
  return family === 4 ? 3 : 1;
}
