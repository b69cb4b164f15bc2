// The sections of a report, in the order in which they are read: what each is about, and its tables.
import { plural } from '../../../text/words.ts';
import type { FindingJson } from '../lint.ts';
import { type Block, type Cell, code, names, number, type Page, type Section, share, table, text } from './page.ts';
import type { ExposedJson, FlowJson, ReportDocument, SectionId } from './shape.ts';

export function makePage(document: ReportDocument): Page {
  const { layers, at, findings, tests } = document;
  const sum = (of: (layer: (typeof layers)[number]) => number): string =>
    String(layers.reduce((all, layer) => all + of(layer), 0));
  return {
    title: 'Policy report',
    subtitle: `Of ${layers.map(({ name }) => `\`${name}\``).join(', ')}, judged at ${at}.`,
    facts: [
      { name: 'Layers', value: String(layers.length) },
      { name: 'Policies', value: sum(({ policies }) => policies) },
      { name: 'Rules', value: sum(({ rules }) => rules) },
      { name: 'Groups', value: sum(({ groups }) => groups) },
      { name: 'Workloads', value: sum(({ workloads }) => workloads) },
      { name: 'Findings', value: String(findings.errors + findings.warnings + findings.notes) },
      { name: 'Tests passed', value: `${tests.passed} of ${tests.passed + tests.failed + tests.unsupported}` },
    ],
    sections: [
      defaultDeny(document),
      exposure(document),
      blastRadius(document),
      findingsOf(document),
      testsOf(document),
      mutation(document),
      expiries(document),
      unknown(document),
    ],
  };
}

function section(
  { scores }: ReportDocument,
  id: SectionId,
  title: string,
  intro: string,
  blocks: readonly Block[],
): Section {
  return { id, title, intro, scores: scores.filter((score) => score.section === id), blocks };
}

const say = (value: string): Block => ({ kind: 'text', text: value });

function defaultDeny(document: ReportDocument): Section {
  const { tiers, segments, open, pairs } = document.defaultDeny;
  const { nothing, something, everything, unknown } = pairs;
  const all = nothing + something + everything + unknown;
  const ofAll = (part: number): Cell =>
    share({ part, of: all, percent: all === 0 ? null : Math.floor((part / all) * 1000) / 10 });
  return section(
    document,
    'default-deny',
    'Default deny',
    'What a flow meets that no rule matches, and how much of the square of all pairs of workloads is open.',
    [
      table(
        'Pairs of workloads',
        ['Allowed between them', 'Pairs#'],
        [
          ['nothing', nothing],
          ['some services', something],
          ['every service', everything],
          ['nothing for certain, something perhaps', unknown],
        ] as const,
        ([what, count]) => [text(what), ofAll(count)],
        '',
      ),
      table(
        'Tiers',
        ['Layer', 'Tier', 'Default', 'Rules in force#', 'Sides that end here#'],
        tiers,
        (tier) => [
          code(tier.layer),
          code(tier.tier),
          text(
            `${tier.default}${tier.whereSelected ? ' where selected' : ''}`,
            tier.default === 'allow' ? 'bad' : tier.default === 'pass' ? 'plain' : 'good',
          ),
          number(tier.rules),
          number(tier.sides),
        ],
        'There are no tiers.',
      ),
      table(
        'Segments',
        ['Segment', 'Workloads#', 'Leaving denied#', 'Entering denied#'],
        segments,
        ({ segment, workloads, out, in: into }) => [
          segment === null ? text('on no segment') : code(segment),
          number(workloads),
          share(out),
          share(into),
        ],
        'There are no segments.',
      ),
      table(
        'Where it is not denied',
        ['Workloads', 'Side', 'A flow without a rule is'],
        open,
        ({ workloads, direction, state }) => [
          names(workloads),
          text(direction === 'out' ? 'leaving' : 'entering'),
          text(state, state === 'unknown' ? 'warn' : 'bad'),
        ],
        'A flow that no rule matches is denied at every side of every workload.',
      ),
    ],
  );
}

function exposure(document: ReportDocument): Section {
  const { from, to } = document.exposure;
  const rows = (title: string, end: string, list: readonly ExposedJson[], otherwise: string): Block =>
    table(
      title,
      ['Workloads', end, 'Services', 'For example', 'By'],
      list,
      ({ workloads, addresses, services, certain, example }) => [
        names(workloads, 4),
        code(addresses),
        certain ? code(services) : text(`perhaps \`${services}\``, 'warn'),
        code(flowOf(example)),
        decidedBy(example),
      ],
      otherwise,
    );
  return section(
    document,
    'exposure',
    'Exposure to the internet',
    'Flows that the policies allow between workloads and addresses outside that are not internal. Whether a packet arrives also depends on routes and address translation.',
    [
      rows('Who can be reached from it', 'From', from, 'Nobody: no flow from the internet is allowed.'),
      rows('Who can reach it', 'To', to, 'Nobody: no flow to the internet is allowed.'),
    ],
  );
}

function flowOf({ source, destination, service }: FlowJson): string {
  return `${source} -> ${destination} on ${service}`;
}

function decidedBy({ rules, reason }: FlowJson): Cell {
  return rules.length > 0 ? code(...rules) : text(reason ?? 'no point judges it');
}

function blastRadius(document: ReportDocument): Section {
  const { groups, notSearched, empty } = document.blastRadius;
  const left = [
    ...(notSearched === 0
      ? []
      : [`${plural(notSearched, 'group')} with the fewest members are left out: there are too many to search from.`]),
    ...(empty === 0
      ? []
      : [`${plural(empty, 'group has', 'groups have')} no workload as a member, only addresses, or nobody.`]),
  ];
  return section(
    document,
    'blast-radius',
    'Blast radius',
    'How far somebody gets who has taken over a member of a group: workloads that chains of allowed flows lead to, from workload to workload, in any number of hops. The worst first.',
    [
      table(
        'Groups',
        ['Group', 'Members#', 'Reached#', 'In one hop#', 'Hops#', 'Internet'],
        groups,
        (group) => [
          code(group.group),
          number(group.members),
          share(group.reached, true),
          number(group.direct),
          number(group.hops),
          text(group.reachesInternet ? 'reached' : ''),
        ],
        'No group has a workload as a member.',
      ),
      ...(left.length === 0 ? [] : [say(left.join(' '))]),
    ],
  );
}

function findingsOf(document: ReportDocument): Section {
  const { errors, warnings, notes, suppressed, baselined, list } = document.findings;
  const order = ['error', 'warning', 'note'];
  const sorted = [...list].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const counted = [plural(errors, 'error'), plural(warnings, 'warning'), plural(notes, 'note')].join(', ');
  const known = [
    ...(suppressed === 0 ? [] : [`${suppressed} answered for by comments`]),
    ...(baselined === 0 ? [] : [`${baselined} put up with by the baseline`]),
  ];
  return section(
    document,
    'findings',
    'Findings',
    'What `check` and `lint` say of the policies; a finding that speaks of flows shows one.',
    [
      table(
        'What was found',
        ['Severity', 'Finding', 'Where', 'For example'],
        sorted,
        (finding) => [
          text(finding.severity, finding.severity === 'note' ? 'plain' : finding.severity === 'error' ? 'bad' : 'warn'),
          text(`${finding.message} (\`${finding.code}\`)`),
          finding.file === null ? text('') : code(placeOf(finding)),
          witnessOf(finding),
        ],
        'Nothing was found.',
      ),
      say(`${counted}${known.length === 0 ? '' : `; not shown: ${known.join(', ')}`}.`),
    ],
  );
}

function placeOf({ file, line }: { readonly file: string | null; readonly line: number | null }): string {
  return `${file}${line === null ? '' : `:${line}`}`;
}

function witnessOf({ witness }: FindingJson): Cell {
  if (witness === null) return text('');
  const { source, destination, service } = witness;
  return code(`${source} -> ${destination} on ${service}`);
}

function testsOf(document: ReportDocument): Section {
  const { passed, failed, unsupported, notPassed, notMeasured, uncovered } = document.tests;
  const counted = [
    `${passed} of ${plural(passed + failed + unsupported, 'test')} passed`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(unsupported === 0 ? [] : [`${unsupported} cannot be run yet`]),
  ].join(', ');
  const failures = table(
    'Not passed',
    ['Test', 'Outcome', 'Where'],
    notPassed,
    ({ name, outcome, ...place }) => [
      code(name),
      text(outcome, outcome === 'failed' ? 'bad' : 'warn'),
      place.file === null ? text('') : code(placeOf(place)),
    ],
    '',
  );
  const missing = table(
    'Not exercised',
    ['Rule or default', 'What is missing', 'Where'],
    uncovered,
    ({ rule, tier, state, denies, ...place }) => [
      rule === null ? text(`the default of tier \`${tier}\``) : code(rule),
      text(
        state === 'uncovered'
          ? 'any test of it'
          : `a test of what it denies ${denies
              .filter((deny) => deny.state === 'uncovered')
              .map(({ direction }) => (direction === 'out' ? 'leaving' : 'entering'))
              .join(' and ')}`,
      ),
      place.file === null ? text('') : code(placeOf(place)),
    ],
    'Every rule, default and way of denying that can decide anything is exercised.',
  );
  return section(
    document,
    'tests',
    'Tests and their coverage',
    'Whether the promises written beside the policies hold, and which rules they exercise.',
    [
      say(`${counted}.`),
      ...(notPassed.length === 0 ? [] : [failures]),
      ...(notMeasured === null ? [missing] : [say(`Coverage was not measured: ${notMeasured}.`)]),
    ],
  );
}

function mutation(document: ReportDocument): Section {
  const { notMeasured, mutants, tried, counts, survivors } = document.mutation;
  const { killed, survived, equivalent, refused } = counts;
  const sampled = tried < mutants ? ` It is a sample: ${tried} of ${mutants} changes were tried.` : '';
  const uncounted = [
    ...(equivalent === 0 ? [] : [`${equivalent} change no flow`]),
    ...(refused === 0 ? [] : [`${refused} would be refused`]),
  ];
  const blocks =
    notMeasured === null
      ? [
          say(
            `${killed} of ${plural(killed + survived, 'change')} noticed.${uncounted.length === 0 ? '' : ` Not counted: ${uncounted.join(', ')}.`}${sampled}`,
          ),
          table(
            'Changes that nothing notices',
            ['Rule or default', 'Change', 'A flow that changes', 'From', 'To'],
            survivors,
            ({ rule, policy, tier, change, flow }) => [
              rule !== null || policy !== null ? code(rule ?? policy ?? '') : text(`the default of tier \`${tier}\``),
              text(change),
              flow === undefined ? text('') : code(`${flow.source} -> ${flow.destination} on ${flow.service}`),
              text(flow?.before ?? ''),
              text(flow?.after ?? ''),
            ],
            'Every change that was tried is noticed.',
          ),
        ]
      : [say(`Not measured: ${notMeasured}.`)];
  return section(
    document,
    'mutation',
    'Tests of the tests',
    'Small changes are made to the policies, one at a time: a rule dropped, an action flipped, a peer widened. Good tests notice.',
    blocks,
  );
}

function expiries(document: ReportDocument): Section {
  const { until, endings, inWindows, notCompared } = document.expiries;
  return section(
    document,
    'expiries',
    'What ends by itself',
    `Rules that expire until ${until}, and what that does to flows.`,
    [
      table(
        'Endings',
        ['At', 'Rules', 'Where', 'Opens#', 'Closes#'],
        endings,
        ({ at, rules, gained, lost }) => [
          text(at),
          { kind: 'code', texts: rules.map(({ rule }) => rule), stacked: true },
          { kind: 'code', texts: rules.flatMap((rule) => (rule.file === null ? [] : [placeOf(rule)])), stacked: true },
          number(gained),
          number(lost),
        ],
        'No rule expires in this time.',
      ),
      ...(endings.length === 0 || notCompared === null ? [] : [say(`Flows were not compared: ${notCompared}.`)]),
      ...(inWindows === 0
        ? []
        : [say(`${plural(inWindows, 'rule is', 'rules are')} switched on and off by windows of the week.`)]),
    ],
  );
}

const UNRESOLVED: Readonly<Record<ReportDocument['unknown']['unresolved'][number]['what'], string>> = {
  'no address': 'workloads without a known address',
  'host not known': 'workloads with the identity of a host that is not known',
  'members in doubt': 'groups whose members are not certain',
  'rule in part': 'rules that are known only in part',
  'test not supported': 'tests that cannot be run yet',
};

function unknown(document: ReportDocument): Section {
  const { doubts, unresolved } = document.unknown;
  return section(
    document,
    'unknown',
    'What is not known',
    'Answers are never guessed: what depends on something that is not known is unknown, and is treated as denied.',
    [
      table(
        'Pairs of workloads',
        ['Why', 'Pairs#', 'For example'],
        doubts,
        ({ reason, pairs, example }) => [text(reason), number(pairs), code(flowOf(example))],
        'Nothing is unknown between workloads.',
      ),
      ...(unresolved.length === 0
        ? []
        : [
            table(
              'Not resolved',
              ['What', 'How many#', 'Which'],
              unresolved,
              ({ what, names: own }) => [text(UNRESOLVED[what]), number(own.length), names(own, 12)],
              '',
            ),
          ]),
    ],
  );
}
