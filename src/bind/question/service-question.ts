// Turns the text of a service in a question (`tcp/443`, `icmp/8`, `https`) into what is asked: one protocol with one
// destination port or every one, and one source port or every one. Several services cannot be asked about at once.

import type { ServiceQuestion } from '../../model/question.ts';
import type { ServiceMatch } from '../../model/service.ts';
import { ICMP, ICMP6, SCTP, TCP, UDP } from '../../net/protocols.ts';
import { type MessagesRow, type RangeRow, type ServiceRow, toServiceRows } from '../../net/service-rows.ts';
import { formatServices } from '../../net/service-text.ts';
import type { ServiceSet } from '../../net/services.ts';
import { parseServiceText } from '../../syntax/parse.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { bindService } from '../terms/services.ts';
import type { QuestionNames } from './question-names.ts';

export interface ParsedService {
  /** null after an error. */
  readonly service: ServiceMatch | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParsedServiceQuestion {
  /** null after an error. */
  readonly question: ServiceQuestion | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Any service of the language, in the terms of the first layer in which its names mean something. */
export function parseService(source: Source, names: QuestionNames): ParsedService {
  const { node, diagnostics } = parseServiceText(source);
  if (node === null) return { service: null, diagnostics };
  let problems: readonly Diagnostic[] = [];
  for (const { scope } of names.layers) {
    const found: Diagnostic[] = [];
    const service = bindService(node, scope(found));
    if (!hasErrors(found)) return { service, diagnostics: [...diagnostics, ...found] };
    if (problems.length === 0) problems = found;
  }
  return { service: null, diagnostics: [...diagnostics, ...problems] };
}

const NUMBERS = { tcp: TCP, udp: UDP, sctp: SCTP } as const;
/** By far the most common form; questions come by the ten thousand. */
const SIMPLE = /^\s*(tcp|udp|sctp)\/([0-9]{1,5})\s*$/;

/** A service that is one question: one protocol, and for ports, types and codes one value or all of them. */
export function parseServiceQuestion(source: Source, names: QuestionNames): ParsedServiceQuestion {
  const simple = SIMPLE.exec(source.text);
  if (simple !== null && Number(simple[2]) <= 65535) {
    const protocol = NUMBERS[simple[1] as keyof typeof NUMBERS];
    return { question: { protocol, a: Number(simple[2]), b: null }, diagnostics: [] };
  }
  const { service, diagnostics } = parseService(source, names);
  if (service === null) return { question: null, diagnostics };
  const question = service.named.length > 0 ? null : toQuestion(service.set);
  if (question !== null) return { question, diagnostics };
  const span = { file: source.name, start: 0, end: source.text.length };
  const problem =
    service.named.length > 0
      ? error('check/wrong-kind', 'a named port is another number at each destination', span, {
          help: 'write the number',
        })
      : error('check/wrong-kind', `\`${source.text.trim()}\` is more than one service`, span, {
          help: `ask about one of ${formatServices(service.set)}`,
        });
  return { question: null, diagnostics: [...diagnostics, problem] };
}

function toQuestion(set: ServiceSet): ServiceQuestion | null {
  const [row, more] = toServiceRows(set);
  return row === undefined || more !== undefined ? null : rowQuestion(row);
}

function rowQuestion(row: ServiceRow): ServiceQuestion | null {
  if (row.protocol === 'ip') {
    const number = oneOf(row.numbers);
    return number === undefined ? null : { protocol: number, a: null, b: null };
  }
  if (isMessages(row)) {
    const protocol = row.protocol === 'icmp' ? ICMP : ICMP6;
    if (row.types === undefined) return { protocol, a: null, b: null };
    const [type, more] = row.types;
    const code = type === undefined ? undefined : oneOrAll(type.codes, 255);
    return type === undefined || more !== undefined || code === undefined ? null : { protocol, a: type.type, b: code };
  }
  const port = row.ports === undefined ? null : oneOf(row.ports);
  const sourcePort = row.sourcePorts === undefined ? null : oneOf(row.sourcePorts);
  if (port === undefined || sourcePort === undefined) return null;
  return { protocol: NUMBERS[row.protocol], a: port, b: sourcePort };
}

function isMessages(row: ServiceRow): row is MessagesRow {
  return row.protocol === 'icmp' || row.protocol === 'icmp6';
}

/** The one value of the ranges, or undefined. */
function oneOf(ranges: readonly RangeRow[]): number | undefined {
  const [range, more] = ranges;
  return range === undefined || more !== undefined || range[0] !== range[1] ? undefined : range[0];
}

/** The one value, null for all values up to `last`, or undefined. */
function oneOrAll(ranges: readonly RangeRow[], last: number): number | null | undefined {
  const [range] = ranges;
  return range?.[0] === 0 && range[1] === last ? null : oneOf(ranges);
}
