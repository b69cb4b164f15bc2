// A small estate whose report can be worked out by hand, and one in which every name is chosen by somebody who means no good.
import type { LintFinding } from '../../../../src/analyze/lint/kit/finding.ts';
import { makeFinding } from '../../../../src/analyze/lint/kit/make.ts';
import { witnessBetween } from '../../../../src/analyze/lint/kit/witness.ts';
import { makePolicyReport } from '../../../../src/analyze/report/report.ts';
import { bindRoot } from '../../../../src/bind/bind.ts';
import { buildSnapshot, type Snapshot } from '../../../../src/engine/pipeline.ts';
import type { Layer } from '../../../../src/model/layer.ts';
import { single } from '../../../../src/net/intervals.ts';
import { ports } from '../../../../src/net/services.ts';
import { parsePolicyFile } from '../../../../src/syntax/parse.ts';
import { makeSource, type Source, type Span } from '../../../../src/text/source.ts';
import { makeReportDocument } from '../../../../src/workspace/formats/report/document.ts';
import type { ReportDocument } from '../../../../src/workspace/formats/report/shape.ts';
import { label, labels, layer, policy, rule, tcp, tier, vm, where } from '../../../kit/layers.ts';

/** 2 November 2026, nine o'clock. */
export const AT = Date.UTC(2026, 10, 2, 9);
const DAY = 24 * 60 * 60 * 1000;

const TEXT = `language 1

tiers {
  infrastructure
  application default drop
}

group web   = workloads where tier == web
group db    = workloads where tier == db
group lost  = workloads where tier == gone

policy shop in application priority 100 {
  allow  customers: internet -> web on tcp/443
  allow  store:     web -> db on tcp/5432  until 2026-12-31
  reject no-db:     any -> db
}

test "only the web servers reach the database" {
  allow web      -> db on tcp/5432  by shop.store
  deny  internet -> db on any       by shop.no-db
}

segment shop-net { subnet 10.10.1.1/24 }

vm web-01 { nic shop-net 10.10.1.11  labels tier=web }
vm web-02 { nic shop-net 10.10.1.12  labels tier=web }
vm db-01  { nic shop-net 10.10.1.21  labels tier=db }
vm odd-01 { nic shop-net  labels tier=none }
`;

export interface Fixture {
  readonly snapshot: Snapshot;
  readonly sources: ReadonlyMap<string, Source>;
  readonly findings: readonly LintFinding[];
}

export function shop(): Fixture {
  const source = makeSource('shop.seg', TEXT);
  const { tree } = parsePolicyFile(source);
  const { layer: bound, diagnostics } = bindRoot([tree], { name: 'policies' });
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  const { snapshot } = buildSnapshot([bound], { at: AT });
  return {
    snapshot,
    sources: new Map([[source.name, source]]),
    findings: [finding(snapshot, 'shop.store', bound.policies[0]?.rules[1]?.span ?? null)],
  };
}

/** One as lint makes them, about a rule, with a flow between the first two workloads. */
function finding(snapshot: Snapshot, rule: string, span: Span | null): LintFinding {
  const { nodesOf } = snapshot.evaluator.universe;
  const witness = witnessBetween(snapshot, nodesOf[0]?.[0] ?? 0, nodesOf[1]?.[0] ?? 0, ports('tcp', single(22, 22)));
  const more = { layer: snapshot.layers[0]?.name ?? null, about: rule, help: 'narrow it', witness };
  return makeFinding('lint/over-broad', `\`${rule}\` allows more than is asked for`, span, more);
}

/** Two workloads, two groups and a rule of such names, and a tier that allows. */
export function named(name: string): Fixture {
  const own: Layer = layer({
    name,
    tiers: [tier(name, 'pass'), tier('only', 'allow')],
    groups: { [name]: where(label('app', 'a')), other: where(label('app', 'b')) },
    policies: [
      policy(name, [
        rule(name, 'drop', { kind: 'group', group: name, span: null }, { kind: 'internet' }, tcp(80), {
          until: AT + DAY,
        }),
      ]),
    ],
    workloads: [
      vm(name, ['10.0.0.1'], { labels: labels({ app: 'a' }) }),
      vm(`${name} 2`, ['10.0.0.2'], { labels: labels({ app: 'b' }) }),
      vm(`${name} 3`),
    ],
  });
  const { snapshot } = buildSnapshot([own], { at: AT });
  return { snapshot, sources: new Map(), findings: [finding(snapshot, name, null)] };
}

export function documentOf({ snapshot, sources, findings }: Fixture, wantsMutation = true): ReportDocument {
  const lint = { findings, suppressed: [], baselined: [], layers: snapshot.layers, files: sources.size };
  const report = makePolicyReport(snapshot, { lint, until: AT + 90 * DAY, wantsMutation });
  return makeReportDocument(report, { sources, nameRanges: (ranges) => ranges.join(', ') });
}
