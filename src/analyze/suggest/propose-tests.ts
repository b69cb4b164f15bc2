// Proposes tests for mutants that nobody notices: lines that hold of the policies as they are and fail of the mutant, as
// few as may be. Each is tried on both before it is proposed.
import { peerOfEndpoint } from '../../bind/question/peer-of-endpoint.ts';
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import { servicesOf } from '../../evaluate/services-of.ts';
import type { Assertion } from '../../model/expectation.ts';
import type { Layer } from '../../model/layer.ts';
import type { EndpointRef } from '../../model/question.ts';
import type { Instant } from '../../model/time.ts';
import { SCTP, TCP, UDP } from '../../net/protocols.ts';
import type { ServicePoint } from '../../net/services.ts';
import { judgeAssertion } from '../assertion.ts';
import type { ChangedFlow, MutantResult, MutationReport } from '../mutate/mutate.ts';
import { applyMutant, type Mutant } from '../mutate/operators/mutant.ts';
import { describeEnd, describeService } from './words.ts';

/** One line of a test. */
export interface ProposedLine {
  /** `deny workload web-01 -> workload db-01 on tcp/22` */
  readonly text: string;
  /** null: at the time of the run, whenever that is. */
  readonly at: Instant | null;
  /** The first mutant that it is for. */
  readonly subject: string;
  /** All that it notices. */
  readonly notices: readonly Mutant[];
}

export interface ProposedTests {
  readonly lines: readonly ProposedLine[];
  /** Survivors that no single flow shows. */
  readonly left: readonly Mutant[];
  /** Of the mutants that count, noticed before and with the lines. */
  readonly before: number;
  readonly after: number;
  readonly of: number;
}

type Survivor = Extract<MutantResult, { readonly status: 'survived' }>;

/** `report`: of this snapshot. `home`: the index of a policy root, in which the tests are to stand. */
export function proposeTests(snapshot: Snapshot, report: MutationReport, home: number): ProposedTests {
  const survivors = report.results.filter((result): result is Survivor => result.status === 'survived');
  const candidates = survivors.map(({ flow }) => [...linesFor(flow)]);
  const layers = withLines(snapshot.layers, home, candidates.flat());
  const originals = new Snapshots(layers);
  const mutated = survivors.map(({ mutant }) => new Snapshots(applyMutant(layers, mutant)));
  const holdsOf = (index: number, assertion: Assertion, at: Instant): boolean =>
    holds((mutated[index] as Snapshots).at(at), home, assertion);
  const noticed = new Set<number>();
  const lines: ProposedLine[] = [];
  for (const [index, { mutant, flow }] of survivors.entries()) {
    if (noticed.has(index)) continue;
    const found = candidates[index]?.find(
      ({ assertion }) => holds(originals.at(flow.at), home, assertion) && !holdsOf(index, assertion, flow.at),
    );
    if (found === undefined) continue;
    const own = survivors.flatMap((_, other) =>
      other === index || (other > index && !noticed.has(other) && !holdsOf(other, found.assertion, flow.at))
        ? [other]
        : [],
    );
    for (const other of own) noticed.add(other);
    lines.push({
      text: found.text,
      at: flow.at === snapshot.at ? null : flow.at,
      subject: mutant.rule?.id ?? mutant.policy?.id ?? `tier ${mutant.tier}`,
      notices: own.map((other) => (survivors[other] as Survivor).mutant),
    });
  }
  return {
    lines,
    left: survivors.filter((_, index) => !noticed.has(index)).map(({ mutant }) => mutant),
    before: report.killed,
    after: report.killed + noticed.size,
    of: report.of,
  };
}

function holds({ evaluator }: Snapshot, home: number, assertion: Assertion): boolean {
  return judgeAssertion(evaluator, home, assertion).holds;
}

/** With the lines among what is expected, so that addresses outside are told apart where they name some. */
function withLines(layers: readonly Layer[], home: number, lines: readonly Line[]): readonly Layer[] {
  const assertions = lines.map(({ assertion }) => assertion);
  const test = { kind: 'test', name: '', module: null, given: [], changes: [], assertions, span: NOWHERE } as const;
  return layers.map((layer, index) =>
    index === home ? { ...layer, expectations: [...layer.expectations, test] } : layer,
  );
}

/** The layers at instants: the few that lines ask for. */
class Snapshots {
  private readonly known = new Map<Instant, Snapshot>();
  private readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
  }

  at(at: Instant): Snapshot {
    const known = this.known.get(at) ?? buildSnapshot(this.layers, { at }).snapshot;
    this.known.set(at, known);
    return known;
  }
}

interface Line {
  readonly text: string;
  readonly assertion: Assertion;
}

/** What the flow is as things are, from the widest form to one with every port and address. */
function* linesFor({ question, before }: ChangedFlow): Generator<Line> {
  const expect = before === 'drop' || before === 'reject' ? 'deny' : before;
  for (const service of serviceForms(question.service)) {
    const whole = [wholeOf(question.source), wholeOf(question.destination)] as const;
    for (const [source, destination] of [whole, [question.source, question.destination] as const]) {
      const words = [describeEnd(source), describeEnd(destination)];
      const [from, to] = [peerOfEndpoint(source), peerOfEndpoint(destination)];
      if (words.includes(null) || from === null || to === null) continue;
      const assertion: Assertion = {
        expect,
        some: false,
        source: from,
        destination: to,
        service: { set: servicesOf(service), named: [], opaque: null, text: null },
        by: null,
        at: null,
        span: NOWHERE,
      };
      yield { text: `${expect} ${words.join(' -> ')} on ${describeService(service)}`, assertion };
    }
  }
}

const NOWHERE = { file: '', start: 0, end: 0 };

type ServiceForm = Parameters<typeof servicesOf>[0];

/** Whatever the source port, and with it. */
function serviceForms({ protocol, a, b }: ServicePoint): readonly ServiceForm[] {
  const exact: ServiceForm = { protocol, a, b };
  return protocol === TCP || protocol === UDP || protocol === SCTP ? [{ protocol, a, b: null }, exact] : [exact];
}

/** The workload with all its interfaces. */
function wholeOf(ref: EndpointRef): EndpointRef {
  return ref.kind === 'workload' ? { ...ref, interface: null } : ref;
}
