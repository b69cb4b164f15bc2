// A report as a document, `bulkhead.report/1`: the sections in order, every name and number that the pages show, and what
// these leave out for length.

import type { NameRanges } from '../../../analyze/ci/flow-change.ts';
import { type FlowWitness, rulesOf, unruled } from '../../../analyze/reach/witness.ts';
import type { Exposed } from '../../../analyze/report/exposure.ts';
import type { PolicyReport } from '../../../analyze/report/report.ts';
import { formatInstant } from '../../../model/time.ts';
import { toRanges } from '../../../net/address-set.ts';
import { formatServices } from '../../../net/service-text.ts';
import { summariseLayer } from '../check.ts';
import { makeCoverageDocument } from '../coverage/document.ts';
import { makeLintDocument } from '../lint.ts';
import { makeMutationDocument } from '../mutation.ts';
import { fileLineOf, type Sources } from '../place.ts';
import { serviceOfPoint } from '../service-point.ts';
import { makeTestDocument } from '../test.ts';
import { describeShare, makeScores } from './scores.ts';
import { type ExposedJson, type FlowJson, REPORT_FORMAT, type ReportDocument } from './shape.ts';

export interface ReportDocumentOptions {
  readonly sources: Sources;
  readonly nameRanges: NameRanges;
}

export function makeReportDocument(report: PolicyReport, options: ReportDocumentOptions): ReportDocument {
  const { snapshot, exposure } = report;
  const exposed = (list: readonly Exposed[]): readonly ExposedJson[] =>
    list.map((item) => describeExposed(report, item, options.nameRanges));
  return {
    format: REPORT_FORMAT,
    at: formatInstant(snapshot.at),
    layers: snapshot.layers.map(summariseLayer),
    scores: makeScores(report),
    defaultDeny: describeDefaults(report),
    exposure: { from: exposed(exposure.from), to: exposed(exposure.to) },
    blastRadius: {
      ...report.blastRadius,
      groups: report.blastRadius.groups.map((group) => ({ ...group, reached: describeShare(group.reached) })),
    },
    findings: describeFindings(report, options.sources),
    tests: describeTests(report, options.sources),
    mutation: describeMutation(report, options.sources),
    expiries: describeExpiries(report, options.sources),
    unknown: {
      doubts: report.isolation.doubts.map((doubt) => ({ ...doubt, example: describeFlow(doubt.example) })),
      unresolved: report.unresolved.map(({ kind, names }) => ({ what: kind, names })),
    },
  };
}

function namesOf({ snapshot }: PolicyReport, members: readonly number[]): readonly string[] {
  const { endpoints } = snapshot.evaluator.universe.world;
  return members.map((index) => endpoints[index]?.id ?? '');
}

function describeDefaults(report: PolicyReport): ReportDocument['defaultDeny'] {
  const { defaults, isolation } = report;
  return {
    tiers: defaults.tiers.map(({ layer, tier, rules, sides }) => ({
      layer,
      tier: tier.name,
      default: tier.default.verdict,
      whereSelected: tier.default.whereSelected,
      rules,
      sides,
    })),
    segments: defaults.segments.map((segment) => ({
      ...segment,
      out: describeShare(segment.out),
      in: describeShare(segment.in),
    })),
    open: defaults.open.flatMap(({ members, direction, state }) =>
      state === 'denied' ? [] : [{ workloads: namesOf(report, members), direction, state }],
    ),
    pairs: isolation.pairs,
  };
}

function describeExposed(
  report: PolicyReport,
  { members, services, isDoubtful, addresses, others, example }: Exposed,
  nameRanges: NameRanges,
): ExposedJson {
  const ranges = toRanges(addresses);
  return {
    workloads: namesOf(report, members),
    services: formatServices(services),
    certain: !isDoubtful,
    addresses: nameAddresses(ranges, toRanges(others), nameRanges),
    ranges,
    example: describeFlow(example),
  };
}

/** Most of the internet is better said by what is missing. */
function nameAddresses(ranges: readonly string[], others: readonly string[], nameRanges: NameRanges): string {
  if (others.length === 0) return 'internet';
  return others.length < ranges.length ? `internet except ${nameRanges(others)}` : nameRanges(ranges);
}

function describeFlow({ source, destination, question, decision }: FlowWitness): FlowJson {
  const service = formatServices(serviceOfPoint(question.service));
  const { verdict } = decision;
  return { source, destination, service, verdict, rules: rulesOf(decision), reason: unruled(decision) };
}

function describeFindings({ lint, snapshot }: PolicyReport, sources: Sources): ReportDocument['findings'] {
  const document = makeLintDocument(lint, sources, formatInstant(snapshot.at));
  const { errors, warnings, notes, suppressed, baselined, findings } = document;
  return { errors, warnings, notes, suppressed, baselined, list: findings };
}

function describeTests({ tests, coverage, snapshot }: PolicyReport, sources: Sources): ReportDocument['tests'] {
  const at = formatInstant(snapshot.at);
  const { passed, failed, unsupported } = makeTestDocument(tests, sources, at);
  const items = coverage.measured ? makeCoverageDocument(coverage.coverage, snapshot.layers, sources, at).items : [];
  return {
    passed,
    failed,
    unsupported,
    notPassed: tests.tests
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ name, outcome, span }) => ({ name, outcome, ...fileLineOf(span, sources) })),
    notMeasured: coverage.measured ? null : coverage.reason,
    uncovered: items.filter(({ state, denies }) =>
      [state, ...denies.map((deny) => deny.state)].some((own) => own === 'uncovered'),
    ),
  };
}

const NO_MUTANTS = { killed: 0, survived: 0, equivalent: 0, refused: 0 };

function describeMutation({ mutation, snapshot }: PolicyReport, sources: Sources): ReportDocument['mutation'] {
  if (!mutation.measured) {
    return { notMeasured: mutation.reason, mutants: 0, tried: 0, counts: NO_MUTANTS, survivors: [] };
  }
  const at = formatInstant(snapshot.at);
  const document = makeMutationDocument(mutation.mutation, snapshot.layers, sources, at);
  const { killed, survived, equivalent, refused, mutants } = document;
  return {
    notMeasured: null,
    mutants: mutation.mutants,
    tried: mutants.length,
    counts: { killed, survived, equivalent, refused },
    survivors: mutants.filter(({ status }) => status === 'survived'),
  };
}

function describeExpiries({ endings, snapshot }: PolicyReport, sources: Sources): ReportDocument['expiries'] {
  return {
    until: formatInstant(endings.until),
    endings: endings.endings.map(({ at, rules, flows }) => ({
      at: formatInstant(at),
      rules: rules.map(({ layer, rule }) => ({
        layer: snapshot.layers[layer]?.name ?? '',
        rule: rule.id,
        ...fileLineOf(rule.span, sources),
      })),
      gained: flows?.gained ?? null,
      lost: flows?.lost ?? null,
    })),
    inWindows: endings.inWindows,
    notCompared: endings.uncompared,
  };
}
