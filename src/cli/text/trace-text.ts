// A walk for people: how it ended first, then each hop with its steps, the rule that decided and where it is written,
// and the outer header where there is one; then what came back.
import { formatAddress } from '../../net/address.ts';
import { protocolName } from '../../net/protocols.ts';
import { type Disposition, dispositions } from '../../overlay/packet/disposition.ts';
import type { Header } from '../../overlay/packet/packet.ts';
import type { RuleReference, Step } from '../../overlay/step/step.ts';
import { groupHops, type Hop } from '../../overlay/walk/hops.ts';
import type { Walk, Way } from '../../overlay/walk/walk.ts';
import { makePrintable } from '../../text/printable.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { columnWidths, type Paint, padCell } from './paint.ts';

/** Lines that end in a line end. */
export function renderTrace(walk: Walk, asked: string, sources: Sources, paint: Paint): string {
  const { header, disposition, reason, reply, answer } = walk;
  const lines = [
    `${paint.bold(paintEnd(paint, disposition, dispositions[disposition].toUpperCase()))}  ${paint.bold(makePrintable(asked.trim()))}`,
    ...(header === null ? [] : [`  ${describeHeader(header)}`]),
    ...(reason === null ? [] : [`  ${paintEnd(paint, disposition, makePrintable(reason))}`]),
    ...hopLines(walk.steps, sources, paint),
  ];
  if (reply !== null) lines.push('', ...wayLines('Reply', reply, sources, paint));
  if (answer?.local === true) lines.push('', `Answer: ${ANSWERS[answer.kind]}, by the interface itself`);
  else if (answer !== null) lines.push('', ...wayLines(`Answer (${ANSWERS[answer.kind]})`, answer, sources, paint));
  return `${lines.join('\n')}\n`;
}

const ANSWERS = {
  'tcp-reset': 'TCP reset',
  unreachable: 'ICMP unreachable',
  'too-big': 'ICMP too big',
  'time-exceeded': 'ICMP time exceeded',
} as const;

function wayLines(title: string, way: Way, sources: Sources, paint: Paint): readonly string[] {
  const { disposition, reason, steps } = way;
  const why = reason === null ? '' : `: ${makePrintable(reason)}`;
  return [
    `${title}: ${paintEnd(paint, disposition, dispositions[disposition])}${why}`,
    ...hopLines(steps, sources, paint),
  ];
}

function hopLines(steps: readonly Step[], sources: Sources, paint: Paint): readonly string[] {
  const hops = groupHops(steps);
  const rows = hops.map((hop) => hop.steps.map((step) => rowOf(step, sources)));
  const widths = columnWidths(rows.flat());
  return hops.flatMap((hop, i) => [
    '',
    paint.bold(`${i + 1}  ${describeHop(hop)}`),
    ...(rows[i] ?? []).map((row, n) => {
      const [stage = '', component = '', action = '', rest = ''] = row;
      const cells = [
        padCell(stage, widths[0] ?? 0),
        padCell(component, widths[1] ?? 0),
        paintAction(paint, hop.steps[n] as Step, padCell(action, widths[2] ?? 0)),
        rest,
      ];
      return `   ${cells.join('  ')}`.trimEnd();
    }),
  ]);
}

function describeHop({ kind, name, site, latency }: Hop): string {
  const place =
    kind === 'underlay'
      ? 'underlay'
      : kind === 'outside' && name === null
        ? 'outside'
        : `${kind === 'outside' ? '' : `${kind} `}${name ?? ''}`;
  const where = site === null ? '' : ` in ${site}`;
  const far = latency === 'wide' ? ', across sites' : '';
  return makePrintable(`${place.trim()}${where}${far}`);
}

function rowOf(step: Step, sources: Sources): readonly string[] {
  const { stage, component, action, note, rules, outer, tables } = step;
  const parts = [
    ...rules.map((rule) => describeRule(rule, sources)),
    ...(outer === null
      ? []
      : [
          `${outer.encapsulation} VNI ${outer.vni}, ${formatAddress(outer.source)} -> ${formatAddress(outer.destination)}`,
        ]),
    ...tables.filter(({ table }) => table === 'route').map(({ value }) => value ?? 'no route'),
    ...(note === null ? [] : [note]),
  ];
  return [stage, makePrintable(component), action, makePrintable(parts.join('; '))];
}

function describeRule({ layer, tier, policy, rule, action, span }: RuleReference, sources: Sources): string {
  const { file, line } = fileLineOf(span, sources);
  const short =
    rule === null ? 'default' : policy !== null && rule.startsWith(`${policy}.`) ? rule.slice(policy.length + 1) : rule;
  const path = [layer, tier, policy, short].filter((part) => part !== null).join(' \u203a ');
  const place = file === null ? '' : ` (${file}${line === null ? '' : `:${line}`})`;
  return `${action} by ${path}${place}`;
}

function describeHeader({ family, source, destination, protocol, sourcePort, destinationPort, ttl }: Header): string {
  const name = protocolName(protocol) ?? `protocol ${protocol}`;
  const end = (address: Header['source'], port: number): string => {
    const text = formatAddress(address);
    if (protocol !== 6 && protocol !== 17 && protocol !== 132) return text;
    return family === 4 ? `${text}:${port}` : `[${text}]:${port}`;
  };
  const message = protocol === 1 || protocol === 58 ? ` type ${destinationPort} code ${sourcePort}` : '';
  return `${name}${message} ${end(source, sourcePort)} -> ${end(destination, destinationPort)}, ttl ${ttl}`;
}

function paintEnd(paint: Paint, disposition: Disposition, text: string): string {
  if (disposition === 'delivered') return paint.green(text);
  return disposition === 'unknown' ? paint.yellow(text) : paint.red(text);
}

function paintAction(paint: Paint, { action }: Step, text: string): string {
  if (action === 'dropped' || action === 'rejected') return paint.red(text);
  if (action === 'in doubt') return paint.yellow(text);
  return action === 'delivered' || action === 'allowed' ? paint.green(text) : text;
}
