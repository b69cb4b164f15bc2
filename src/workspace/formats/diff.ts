// What one side of a comparison allows and the other does not, as documents: `bulkhead.diff/1` with every row, and
// `bulkhead.equiv/1` with one flow as proof, or none.
import type { Diff, DiffEnd, DiffRow, SideDecision } from '../../analyze/diff/diff-row.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import type { Verdict } from '../../model/policy.ts';
import type { EndpointRef, Question, ServiceQuestion } from '../../model/question.ts';
import { formatAddress } from '../../net/address.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import type { Sources } from './place.ts';
import { makeWhyPoint, type WhyPoint } from './why.ts';

export const DIFF_FORMAT = 'bulkhead.diff/1';
export const EQUIV_FORMAT = 'bulkhead.equiv/1';

type WitnessEnd =
  | { readonly kind: 'workload'; readonly id: string; readonly interface?: string }
  | { readonly kind: 'host'; readonly id: string }
  | { readonly kind: 'address'; readonly address: string };

type WitnessService =
  | { readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly port: number; readonly sourcePort: number }
  | { readonly protocol: 'icmp' | 'icmp6'; readonly type: number; readonly code: number }
  | { readonly protocol: 'ip'; readonly number: number };

export interface WitnessJson {
  readonly source: WitnessEnd;
  readonly destination: WitnessEnd;
  readonly ip: 4 | 6;
  readonly service: WitnessService;
}

export interface SideJson {
  readonly verdict: Verdict;
  /** Why it is unknown, or what decided without a rule; absent where a rule says it all. */
  readonly reason?: string;
  readonly points: readonly WhyPoint[];
}

export interface DiffRowJson {
  readonly source: DiffEnd;
  readonly destination: DiffEnd;
  readonly services: readonly FlowService[];
  readonly all: boolean;
  readonly unknown: readonly FlowService[];
  readonly witness: WitnessJson;
  readonly decidedBy: { readonly before: SideJson; readonly after: SideJson };
}

export interface DiffDocument {
  readonly format: typeof DIFF_FORMAT;
  readonly gained: readonly DiffRowJson[];
  readonly lost: readonly DiffRowJson[];
  readonly unchangedPairs: number;
}

export interface EquivDocument {
  readonly format: typeof EQUIV_FORMAT;
  readonly equal: boolean;
  /** Absent where they are equal. */
  readonly witness?: WitnessJson;
  readonly decidedBy?: DiffRowJson['decidedBy'];
}

export function makeDiffDocument(diff: Diff, sources: Sources): DiffDocument {
  const rows = (list: readonly DiffRow[]): readonly DiffRowJson[] =>
    list.map(({ source, destination, services, all, unknown, ...proof }) => ({
      source,
      destination,
      services,
      all,
      unknown,
      ...makeProof(proof, sources),
    }));
  return {
    format: DIFF_FORMAT,
    gained: rows(diff.gained),
    lost: rows(diff.lost),
    unchangedPairs: diff.unchangedPairs,
  };
}

export function makeEquivDocument(
  difference: Pick<DiffRow, 'witness' | 'decidedBy'> | null,
  sources: Sources,
): EquivDocument {
  if (difference === null) return { format: EQUIV_FORMAT, equal: true };
  return { format: EQUIV_FORMAT, equal: false, ...makeProof(difference, sources) };
}

function makeProof({ witness, decidedBy }: Pick<DiffRow, 'witness' | 'decidedBy'>, sources: Sources) {
  const side = ({ verdict, reason, points }: SideDecision): SideJson => ({
    verdict,
    ...(reason === null ? {} : { reason }),
    points: points.map((point) => makeWhyPoint(point, sources)),
  });
  return {
    witness: makeWitness(witness),
    decidedBy: { before: side(decidedBy.before), after: side(decidedBy.after) },
  };
}

function makeWitness({ source, destination, family, service }: Question): WitnessJson {
  return { source: endOf(source), destination: endOf(destination), ip: family ?? 4, service: serviceOf(service) };
}

function endOf(ref: EndpointRef): WitnessEnd {
  switch (ref.kind) {
    case 'address':
      return { kind: 'address', address: formatAddress(ref.address) };
    case 'workload':
      return { kind: 'workload', id: ref.id, ...(ref.interface === null ? {} : { interface: ref.interface }) };
    default:
      return { kind: 'host', id: ref.id };
  }
}

/** A witness is one flow, so that nothing of its service is left open. */
function serviceOf({ protocol, a, b }: ServiceQuestion): WitnessService {
  const [first, second] = [a ?? 0, b ?? 0];
  switch (protocol) {
    case TCP:
      return { protocol: 'tcp', port: first, sourcePort: second };
    case UDP:
      return { protocol: 'udp', port: first, sourcePort: second };
    case SCTP:
      return { protocol: 'sctp', port: first, sourcePort: second };
    case ICMP:
      return { protocol: 'icmp', type: first, code: second };
    case ICMP6:
      return { protocol: 'icmp6', type: first, code: second };
    default:
      return { protocol: 'ip', number: protocol };
  }
}
