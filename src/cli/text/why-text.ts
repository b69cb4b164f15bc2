// The answer to a question for people: the verdict first, then each point that judged with the rule that decided there
// and where it is written, then the rules that nearly matched with what they say instead, then replies.
import type { FlowExplanation } from '../../analyze/explain-flow.ts';
import { scopeOf } from '../../compile/presence.ts';
import type { Explanation, NearMiss } from '../../evaluate/explain.ts';
import { describePeer } from '../../model/describe.ts';
import type { Layer } from '../../model/layer.ts';
import type { Direction, Policy, Rule, Verdict } from '../../model/policy.ts';
import type { EndpointRef } from '../../model/question.ts';
import { formatAddress } from '../../net/address.ts';
import { formatServices } from '../../net/service-text.ts';
import { makePrintable } from '../../text/printable.ts';
import type { Span } from '../../text/source.ts';
import { fileLineOf, type Sources } from '../../workspace/formats/place.ts';
import { describeAgainst } from './against.ts';
import { columnWidths, type Paint, padCell, paintVerdict } from './paint.ts';

/** Lines that end in a line end. */
export function renderWhy(
  explanation: FlowExplanation,
  asked: string,
  layers: readonly Layer[],
  sources: Sources,
  paint: Paint,
): string {
  const { verdict, reason } = explanation;
  const flow = makePrintable(asked.trim());
  const blocks = [
    [
      `${paint.bold(paintVerdict(paint, verdict, VERDICTS[verdict]))}  ${paint.bold(flow)}`,
      ...(reason === null ? [] : [`  ${paintVerdict(paint, verdict, makePrintable(reason))}`]),
    ],
    describeExamples(explanation, paint),
    describePoints(explanation, sources, paint),
    describeIsolation(explanation, sources),
    describeNear(explanation, layers, sources, paint),
    describeReply(explanation),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** What would have denied an allowed flow is of less interest than what would have allowed a denied one. */
const MOST_NEAR_DENIALS = 2;

const VERDICTS: Readonly<Record<Verdict, string>> = {
  allow: 'ALLOWED',
  drop: 'DENIED (drop)',
  reject: 'DENIED (reject)',
  unknown: 'UNKNOWN',
};

/** Where pairs differ: one of each kind, so that the reader can ask on. */
function describeExamples({ examples }: FlowExplanation, paint: Paint): readonly string[] {
  if (examples.length < 2) return [];
  return examples.map(
    ({ source, destination, verdict }) =>
      `  ${paintVerdict(paint, verdict)}: for example ${makePrintable(`${nameRef(source)} -> ${nameRef(destination)}`)}`,
  );
}

function nameRef(ref: EndpointRef): string {
  if (ref.kind === 'address') return formatAddress(ref.address);
  return ref.kind === 'workload' && ref.interface !== null ? `${ref.id}/${ref.interface}` : ref.id;
}

function describePoints({ points }: Explanation, sources: Sources, paint: Paint): readonly string[] {
  const rows = points.map((point) => {
    const path = [point.layer, point.tier, ...(point.policy === null ? [] : [point.policy])];
    const rule = point.rule === null ? 'the default of the tier' : shortRule(point.rule, point.policy);
    const action = point.action === null || point.action === point.verdict ? '' : ` (${point.action})`;
    return [
      point.direction === 'out' ? 'leaving' : 'entering',
      makePrintable(`${point.workload}/${point.interface}`),
      `${point.verdict}${action}`,
      `${makePrintable([...path, rule].join(' › '))}${placeOf(point.span, sources)}`,
    ];
  });
  const widths = columnWidths(rows);
  return rows.flatMap((row, i) => {
    const [direction = '', workload = '', verdict = '', path = ''] = row;
    const cells = [
      padCell(direction, widths[0] ?? 0),
      padCell(workload, widths[1] ?? 0),
      paintVerdict(paint, points[i]?.verdict ?? '', padCell(verdict, widths[2] ?? 0)),
      path,
    ];
    const why = points[i]?.reason;
    return [`  ${cells.join('  ')}`, ...(why == null ? [] : [`      ${paint.yellow(makePrintable(why))}`])];
  });
}

function describeIsolation({ isolatedBy }: Explanation, sources: Sources): readonly string[] {
  return isolatedBy.flatMap(({ direction, policies }) =>
    policies.map(({ id, span }) => {
      const side = direction === 'out' ? 'the source is isolated (out)' : 'the destination is isolated (in)';
      return `  ${side} by ${makePrintable(id)}${placeOf(span, sources)}`;
    }),
  );
}

function describeNear(
  explanation: Explanation,
  layers: readonly Layer[],
  sources: Sources,
  paint: Paint,
): readonly string[] {
  const { verdict, points } = explanation;
  const near = withoutRepeats(explanation.near);
  if (near.length === 0) return [];
  const title = verdict === 'allow' ? 'Rules that nearly denied it' : 'Rules that nearly allowed it';
  const workloadAt = (direction: Direction): string | null =>
    points.find((point) => point.direction === direction)?.workload ?? null;
  return [
    `${title}:`,
    ...near.slice(0, verdict === 'allow' ? MOST_NEAR_DENIALS : near.length).flatMap((miss) => {
      const found = findRule(layers, miss);
      const head = `  ${miss.layer} › ${miss.tier} › ${miss.policy} › ${shortRule(miss.rule, miss.policy)}`;
      return [
        `${makePrintable(head)}${placeOf(miss.span, sources)}`,
        ...miss.failed.map((field) => {
          const says = found === null ? 'it does not match' : describeFailure(field, found);
          const has = found === null ? null : describeOther(field, miss, found, workloadAt, layers);
          const line = `      ${paint.cyan(field)}: ${makePrintable(says)}`;
          return has === null ? line : `${line}\n${' '.repeat(8 + field.length)}${makePrintable(has)}`;
        }),
      ];
    }),
  ];
}

/** A rule that judges in both directions misses at both points for the same reason: it is told once. */
function withoutRepeats(near: readonly NearMiss[]): readonly NearMiss[] {
  const seen = new Set<string>();
  return near.filter(({ layer, rule, failed, direction }) => {
    // What it applies to is asked of another workload at each point.
    const where = failed.includes('applied-to') || failed.includes('direction') ? direction : '';
    const key = [layer, rule, where, ...failed].join('\n');
    return !seen.has(key) && seen.add(key);
  });
}

/** What the workload that the field is about has instead. */
function describeOther(
  field: NearMiss['failed'][number],
  miss: NearMiss,
  { layer, policy, rule }: FoundRule,
  workloadAt: (direction: Direction) => string | null,
  layers: readonly Layer[],
): string | null {
  const scope = scopeOf(policy, rule);
  const [peer, workload] =
    field === 'source'
      ? [rule.source, workloadAt('out')]
      : field === 'destination'
        ? [rule.destination, workloadAt('in')]
        : field === 'applied-to'
          ? [scope, workloadAt(miss.direction)]
          : [null, null];
  if (peer === null || workload === null) return null;
  const has = describeAgainst(peer, workload, layer, layers);
  return has === null ? null : `${workload} has ${has}`;
}

interface FoundRule {
  readonly layer: Layer;
  readonly policy: Policy;
  readonly rule: Rule;
}

function findRule(layers: readonly Layer[], miss: NearMiss): FoundRule | null {
  for (const layer of layers) {
    if (layer.name !== miss.layer) continue;
    const policy = layer.policies.find((item) => item.id === miss.policy);
    const rule = policy?.rules.find((item) => item.id === miss.rule);
    if (policy !== undefined && rule !== undefined) return { layer, policy, rule };
  }
  return null;
}

/** What the rule says in the field that did not match. */
function describeFailure(field: NearMiss['failed'][number], { policy, rule }: FoundRule): string {
  const scope = scopeOf(policy, rule);
  switch (field) {
    case 'source':
      return `it is for \`${describePeer(rule.source)}\``;
    case 'destination':
      return `it is for \`${describePeer(rule.destination)}\``;
    case 'service':
      return `it is for \`${rule.service.text ?? formatServices(rule.service.set)}\``;
    case 'applied-to':
      return `it applies to \`${scope === null ? 'nothing' : describePeer(scope)}\``;
    case 'direction':
      return `it judges only what ${rule.direction === 'out' ? 'leaves' : 'enters'}`;
    case 'family':
      return `it is for ipv${rule.family ?? policy.family} only`;
    case 'disabled':
      return 'it is disabled';
    case 'staged':
      return 'it is staged: reported, not enforced';
    case 'expired':
      return `it expired at ${expiry(policy, rule)}`;
    case 'outside its window':
      return `it is open only in ${rule.window?.text ?? policy.window?.text}`;
  }
}

function expiry(policy: Policy, rule: Rule): string {
  const until = Math.min(policy.until ?? Number.POSITIVE_INFINITY, rule.until ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(until) ? new Date(until).toISOString().replace('.000Z', 'Z') : 'an earlier time';
}

function describeReply({ reply, verdict }: Explanation): readonly string[] {
  if (verdict !== 'allow' || reply === null) return [];
  if (reply === 'allowed') return ['Replies are allowed.'];
  if (reply === 'blocked') return ['Replies are blocked: a rule that decides is stateless, and no rule allows them.'];
  return ['Whether replies are allowed depends on their ports: a rule that decides is stateless.'];
}

/** A rule's name without that of its policy, which stands before it. */
function shortRule(rule: string, policy: string | null): string {
  return policy !== null && rule.startsWith(`${policy}.`) ? rule.slice(policy.length + 1) : rule;
}

function placeOf(span: Span | null, sources: Sources): string {
  const { file, line } = fileLineOf(span, sources);
  if (file === null) return '';
  return `  (${makePrintable(file)}${line === null ? '' : `:${line}`})`;
}
