// Puts a row of a comparison into the words that reports use: who, to whom, over what, one flow as proof, and the rules
// that decide it on both sides. How ranges of addresses are called is left to whoever asks.
import { groupBy } from '../../base/multimap.ts';
import type { PointDecision } from '../../evaluate/decide.ts';
import type { FlowService } from '../../evaluate/row-services.ts';
import type { EndpointRef, Question } from '../../model/question.ts';
import { formatAddress } from '../../net/address.ts';
import { fromServiceRows } from '../../net/service-rows.ts';
import { formatServices } from '../../net/service-text.ts';
import type { Span } from '../../text/source.ts';
import type { DiffEnd, DiffPart, DiffRow, SideDecision } from '../diff/diff-row.ts';
import { describeService } from './service-words.ts';

/** What a side says of the witness. */
export interface SideWords {
  readonly verdict: SideDecision['verdict'];
  /** The rules that decide, or what does in place of a rule; one at least. */
  readonly by: readonly string[];
}

export interface FlowChange {
  readonly source: string;
  readonly destination: string;
  readonly services: string;
  /** `web-01 -> db-01 on tcp/5432`. */
  readonly witness: string;
  readonly before: SideWords;
  readonly after: SideWords;
  /** The rule to look at: one that decides after and not before, else one that decides after. */
  readonly rule: string | null;
  readonly span: Span | null;
}

/** What ranges of external addresses are called. */
export type NameRanges = (ranges: readonly string[]) => string;

export function describeChange(row: DiffRow, nameRanges: NameRanges): FlowChange {
  const { before, after } = row.decidedBy;
  const known = new Set(deciders(before).map((point) => point.rule));
  const now = deciders(after).filter((point) => point.rule !== null);
  const rule = now.find((point) => !known.has(point.rule)) ?? now[0];
  return {
    source: describeEnd(row.source, nameRanges),
    destination: describeEnd(row.destination, nameRanges),
    services: describeServices(row),
    witness: describeWitness(row.witness),
    before: describeSide(before),
    after: describeSide(after),
    rule: rule?.rule ?? null,
    span: rule?.span ?? null,
  };
}

function describeEnd(end: DiffEnd, nameRanges: NameRanges): string {
  return end.kind === 'set'
    ? end.of.map((part) => describePart(part, nameRanges)).join(', ')
    : describePart(end, nameRanges);
}

function describePart(part: DiffPart, nameRanges: NameRanges): string {
  const side = 'side' in part && part.side !== undefined ? ` (${part.side})` : '';
  switch (part.kind) {
    case 'external':
      return nameRanges(part.ranges);
    case 'group':
    case 'owner':
      return `${part.id}${side}`;
    case 'namespace':
    case 'segment':
      return `${part.kind} ${part.id}${side}`;
    case 'label':
      return `workloads where ${part.key} == ${part.value}${side}`;
    case 'workloads':
    case 'hosts':
      return `${part.kind}${side}`;
    default: {
      const place = part.interface === undefined ? part.id : `${part.id}/${part.interface}`;
      return part.address === undefined ? place : `${place} (${part.address})`;
    }
  }
}

function describeServices({ services, all }: DiffRow): string {
  if (all) return 'any';
  const families = groupBy(services, ({ ip }: FlowService) => (ip === undefined ? '' : `ipv${ip} `));
  return [...families].map(([family, rows]) => `${family}${formatServices(fromServiceRows(rows))}`).join('; ');
}

/** `web-01 -> db-01 on tcp/5432`. */
export function describeWitness({ source, destination, service }: Question): string {
  return `${describeRef(source)} -> ${describeRef(destination)} on ${describeService(service)}`;
}

function describeRef(end: EndpointRef): string {
  switch (end.kind) {
    case 'address':
      return formatAddress(end.address);
    case 'workload':
      return end.interface === null ? end.id : `${end.id}/${end.interface}`;
    default:
      return end.id;
  }
}

function describeSide(side: SideDecision): SideWords {
  const by = [
    ...new Set(
      deciders(side).map(({ rule, tier }) => (rule === null ? `the default of tier \`${tier}\`` : `\`${rule}\``)),
    ),
  ];
  return { verdict: side.verdict, by: by.length > 0 ? by : [side.reason ?? 'no point judges it'] };
}

/** The points that stand for the verdict: for an allow all of them, else those that deny or do not know. */
function deciders({ verdict, points }: SideDecision): readonly PointDecision[] {
  return points.filter((point) => point.verdict === verdict);
}
