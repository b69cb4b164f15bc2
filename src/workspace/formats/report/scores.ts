// The numbers of a report: each is a share with its definition beside it. There is no number for the whole, because
// nobody could say what it means.
import type { Count } from '../../../analyze/coverage/coverage.ts';
import type { GroupRadius } from '../../../analyze/report/blast-radius.ts';
import type { PolicyReport } from '../../../analyze/report/report.ts';
import type { Share } from '../../../analyze/report/share.ts';
import { percentOf } from '../coverage/document.ts';
import type { ScoreJson, ShareJson } from './shape.ts';

export function describeShare({ part, of }: Share): ShareJson {
  return { part, of, percent: percentOf(part, of) };
}

/** In the order of the sections. */
export function makeScores(report: PolicyReport): readonly ScoreJson[] {
  const { defaults, isolation, exposure, blastRadius, coverage, mutation, endings } = report;
  const { rules, defaults: tiers, denyPaths } = coverage.measured ? coverage.coverage : NOTHING;
  const found: readonly (readonly [Omit<ScoreJson, 'share'>, Share | null])[] = [
    [SCORES.sides, defaults.sides],
    [SCORES.pairs, defaults.pairs],
    [SCORES.closed, { part: isolation.pairs.nothing, of: isolation.of }],
    [SCORES.inward, exposure.inward],
    [SCORES.chains, exposure.chains],
    [SCORES.outward, exposure.outward],
    [SCORES.contained, containment(blastRadius.groups)],
    [SCORES.clean, cleanRules(report)],
    [SCORES.rules, shareOf(rules)],
    [SCORES.denies, shareOf(denyPaths)],
    [SCORES.defaults, shareOf(tiers)],
    [SCORES.mutants, mutation.measured ? { part: mutation.mutation.killed, of: mutation.mutation.of } : null],
    [SCORES.lasting, endings.lasting],
    [SCORES.known, { part: isolation.of - isolation.doubtful, of: isolation.of }],
  ];
  return found.map(([score, share]) => ({ ...score, share: share === null ? null : describeShare(share) }));
}

const SCORES = {
  sides: {
    id: 'default-deny',
    section: 'default-deny',
    title: 'Denied unless allowed',
    definition:
      'sides of workloads (one where flows leave, one where they enter) at which a flow that no rule matches is denied, of all sides; of several addresses the worst counts',
  },
  pairs: {
    id: 'default-deny-pairs',
    section: 'default-deny',
    title: 'Pairs denied unless allowed',
    definition:
      'ordered pairs of workloads between which a flow that no rule matches is denied at one side at least, of all',
  },
  closed: {
    id: 'closed-pairs',
    section: 'default-deny',
    title: 'Closed pairs',
    definition:
      'ordered pairs of workloads between which no service is allowed, not even perhaps, of all that have addresses of one family',
  },
  inward: {
    id: 'not-reachable',
    section: 'exposure',
    title: 'Out of reach of the internet',
    definition: 'workloads to which no flow from the internet is allowed, not even perhaps, of all workloads',
  },
  chains: {
    id: 'not-reachable-by-chains',
    section: 'exposure',
    title: 'Out of reach over chains',
    definition:
      'workloads that no chain of allowed flows from the internet leads to, through however many other workloads, of all workloads',
  },
  outward: {
    id: 'not-reaching',
    section: 'exposure',
    title: 'Not reaching the internet',
    definition: 'workloads from which no flow to the internet is allowed, not even perhaps, of all workloads',
  },
  contained: {
    id: 'contained',
    section: 'blast-radius',
    title: 'Contained',
    definition:
      'pairs of a group and a workload outside of it that no chain of allowed flows joins, of all such pairs of the groups below',
  },
  clean: {
    id: 'rules-without-findings',
    section: 'findings',
    title: 'Rules without findings',
    definition: 'rules that no error or warning below is about, of all rules',
  },
  rules: {
    id: 'covered-rules',
    section: 'tests',
    title: 'Rules exercised',
    definition: 'rules that take part in deciding a flow that some test or invariant speaks of, of those that can',
  },
  denies: {
    id: 'covered-denies',
    section: 'tests',
    title: 'Ways of denying exercised',
    definition:
      'rules and defaults that deny, each end counted by itself, that deny a flow of some test or invariant there, of those that can',
  },
  defaults: {
    id: 'covered-defaults',
    section: 'tests',
    title: 'Tier defaults exercised',
    definition: 'defaults of tiers that decide a flow of some test or invariant, of those that can',
  },
  mutants: {
    id: 'mutants-noticed',
    section: 'mutation',
    title: 'Changes noticed',
    definition:
      'small changes to the policies that make a test, invariant or budget fail, of those tried that change some flow',
  },
  lasting: {
    id: 'lasting-rules',
    section: 'expiries',
    title: 'Rules that last',
    definition: 'rules in force that do not expire in the time below, of all rules in force',
  },
  known: {
    id: 'known-pairs',
    section: 'unknown',
    title: 'Known',
    definition: 'ordered pairs of workloads of which no service is unknown, of all that have addresses of one family',
  },
} as const satisfies Readonly<Record<string, Omit<ScoreJson, 'share'>>>;

const NOTHING = { rules: null, defaults: null, denyPaths: null };

function shareOf(count: Count | null): Share | null {
  return count === null ? null : { part: count.covered, of: count.of };
}

function containment(groups: readonly GroupRadius[]): Share {
  const sum = (of: (group: GroupRadius) => number): number => groups.reduce((all, group) => all + of(group), 0);
  const of = sum(({ reached }) => reached.of);
  return { part: of - sum(({ reached }) => reached.part), of };
}

function cleanRules({ snapshot, lint }: PolicyReport): Share {
  const doubtful = lint.findings.filter(({ diagnostic }) => diagnostic.severity !== 'note');
  const isDoubtful = (layer: string, rule: string): boolean =>
    doubtful.some((finding) => finding.about === rule && (finding.layer ?? layer) === layer);
  const rules = snapshot.layers.flatMap(({ name, policies }) =>
    policies.flatMap((policy) => policy.rules.map(({ id }) => isDoubtful(name, id))),
  );
  return { part: rules.filter((isIt) => !isIt).length, of: rules.length };
}
