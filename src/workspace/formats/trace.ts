// A walk as a document, `bulkhead.trace/1`: how it ended, then hop by hop each step with what did it, by which rule and
// from which table, and the header afterwards; the same of the reply, or of what was answered instead.
import { formatAddress } from '../../net/address.ts';
import { protocolName } from '../../net/protocols.ts';
import type { Disposition } from '../../overlay/packet/disposition.ts';
import type { Header } from '../../overlay/packet/packet.ts';
import type { LatencyClass, RuleReference, Step, TableUse } from '../../overlay/step/step.ts';
import { groupHops, type Hop } from '../../overlay/walk/hops.ts';
import type { Walk, Way } from '../../overlay/walk/walk.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';

export const TRACE_FORMAT = 'bulkhead.trace/1';

export interface TraceHeader {
  readonly source: string;
  readonly destination: string;
  /** A name where the protocol has one, else its number as text. */
  readonly protocol: string;
  /** Absent where the protocol has no ports. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly type?: number;
  readonly code?: number;
  readonly ttl: number;
}

export interface TraceRule extends FileLine {
  readonly layer: string | null;
  readonly tier: string | null;
  readonly policy: string | null;
  readonly rule: string | null;
  readonly action: string;
}

export interface TraceStep {
  readonly stage: string;
  readonly component: string;
  readonly action: string;
  readonly note?: string;
  readonly rules?: readonly TraceRule[];
  readonly tables?: readonly TableUse[];
  readonly outer?: {
    readonly encapsulation: string;
    readonly vni: number;
    readonly source: string;
    readonly destination: string;
    readonly sourcePort: number;
    readonly destinationPort: number;
    readonly size: number;
  };
  readonly header: TraceHeader;
}

export interface TraceHop {
  readonly kind: Hop['kind'];
  readonly name: string | null;
  readonly site: string | null;
  readonly latency: LatencyClass;
  readonly steps: readonly TraceStep[];
}

export interface TraceWay {
  readonly disposition: Disposition;
  readonly reason: string | null;
  readonly hops: readonly TraceHop[];
}

export interface TraceDocument extends TraceWay {
  readonly format: typeof TRACE_FORMAT;
  readonly at: string;
  readonly source: string;
  readonly destination: string;
  readonly header: TraceHeader | null;
  /** null: it did not arrive, or nothing replies to it. */
  readonly reply: TraceWay | null;
  readonly answer: (TraceWay & { readonly kind: string; readonly local: boolean }) | null;
}

export function makeTraceDocument(
  walk: Walk,
  ends: { readonly source: string; readonly destination: string },
  at: string,
  sources: Sources,
): TraceDocument {
  const { header, disposition, reason, steps, reply, answer } = walk;
  return {
    format: TRACE_FORMAT,
    at,
    ...ends,
    header: header === null ? null : headerData(header),
    disposition,
    reason,
    hops: hopsData(steps, sources),
    reply: reply === null ? null : wayData(reply, sources),
    answer: answer === null ? null : { kind: answer.kind, local: answer.local, ...wayData(answer, sources) },
  };
}

function wayData({ disposition, reason, steps }: Way, sources: Sources): TraceWay {
  return { disposition, reason, hops: hopsData(steps, sources) };
}

function hopsData(steps: readonly Step[], sources: Sources): readonly TraceHop[] {
  return groupHops(steps).map(({ kind, name, site, latency, steps: own }) => ({
    kind,
    name,
    site,
    latency,
    steps: own.map((step) => stepData(step, sources)),
  }));
}

function stepData({ stage, component, action, note, rules, tables, outer, packet }: Step, sources: Sources): TraceStep {
  return {
    stage,
    component,
    action,
    ...(note === null ? {} : { note }),
    ...(rules.length === 0 ? {} : { rules: rules.map((rule) => ruleData(rule, sources)) }),
    ...(tables.length === 0 ? {} : { tables }),
    ...(outer === null
      ? {}
      : { outer: { ...outer, source: formatAddress(outer.source), destination: formatAddress(outer.destination) } }),
    header: headerData(packet.header),
  };
}

function ruleData({ layer, tier, policy, rule, action, span }: RuleReference, sources: Sources): TraceRule {
  return { layer, tier, policy, rule, action, ...fileLineOf(span, sources) };
}

function headerData({ source, destination, protocol, sourcePort, destinationPort, ttl }: Header): TraceHeader {
  const ends = {
    source: formatAddress(source),
    destination: formatAddress(destination),
    protocol: protocolName(protocol) ?? String(protocol),
  };
  if (protocol === 1 || protocol === 58) return { ...ends, type: destinationPort, code: sourcePort, ttl };
  if (protocol === 6 || protocol === 17 || protocol === 132) return { ...ends, sourcePort, destinationPort, ttl };
  return { ...ends, ttl };
}
