// Chains of flows as documents: `bulkhead.reach/1`, a tree of shortest chains with what would cut it, and
// `bulkhead.path/1`, one chain or that there is none.
import type { CutResult } from '../../analyze/reach/cut/cut.ts';
import type { ReachHop } from '../../analyze/reach/hop.ts';
import type { Path } from '../../analyze/reach/path.ts';
import type { Reach } from '../../analyze/reach/reach.ts';
import { rulesOf, unruled } from '../../analyze/reach/witness.ts';
import type { Entity } from '../../evaluate/flow-units.ts';
import type { Verdict } from '../../model/policy.ts';
import { type ServiceRow, toServiceRows } from '../../net/service-rows.ts';
import { formatServices } from '../../net/service-text.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';
import { serviceOfPoint } from './service-point.ts';

export const REACH_FORMAT = 'bulkhead.reach/1';
export const PATH_FORMAT = 'bulkhead.path/1';

/** What was asked, in the words it was asked in. */
export interface AskedChain {
  readonly of: string;
  /** null: everything, every protocol, any number. */
  readonly only: string | null;
  readonly service: string | null;
  readonly hops: number | null;
}

export interface HopDocument {
  readonly source: Entity;
  readonly destination: Entity;
  readonly services: readonly ServiceRow[];
  /** One flow of them, which is what the rules and the verdict are about. */
  readonly flow: string;
  readonly verdict: Verdict;
  readonly rules: readonly string[];
  /** What decided without a rule, or why it is unknown; absent where rules say it all. */
  readonly reason?: string;
}

export interface ReachDocument {
  readonly format: typeof REACH_FORMAT;
  readonly at: string;
  readonly direction: 'from' | 'to';
  readonly endpoint: string;
  readonly only: string | null;
  readonly service: string | null;
  readonly hops: number | null;
  readonly workloads: { readonly certain: number; readonly perhaps: number };
  readonly reached: readonly {
    readonly entity: Entity;
    readonly hops: number;
    readonly certain: boolean;
    readonly by: HopDocument;
  }[];
  /** Absent unless asked for. */
  readonly cut?: {
    readonly outcome: 'minimum' | 'upper bound' | 'none';
    readonly atLeast: number;
    readonly rules: readonly (FileLine & { readonly layer: string; readonly rule: string })[];
    readonly chain: readonly HopDocument[];
  };
}

export interface PathDocument {
  readonly format: typeof PATH_FORMAT;
  readonly at: string;
  readonly source: string;
  readonly destination: string;
  readonly service: string | null;
  readonly hops: number | null;
  readonly outcome: Path['outcome'];
  readonly path: readonly HopDocument[];
  readonly reachable: number;
}

export function makeReachDocument(
  { question, reached }: Reach,
  asked: AskedChain,
  cut: CutResult | null,
  sources: Sources,
  at: string,
): ReachDocument {
  const workloads = reached.filter(({ kind }) => kind === 'workload');
  const certain = workloads.filter((item) => item.certain).length;
  return {
    format: REACH_FORMAT,
    at,
    direction: question.direction,
    endpoint: asked.of,
    only: asked.only,
    service: asked.service,
    hops: asked.hops,
    workloads: { certain, perhaps: workloads.length - certain },
    reached: reached.map(({ entity, hops, certain: isCertain, by }) => ({
      entity,
      hops,
      certain: isCertain,
      by: describeHop(by),
    })),
    ...(cut === null
      ? {}
      : {
          cut: {
            outcome: cut.outcome,
            atLeast: cut.atLeast,
            rules: cut.rules.map(({ layerName, id, span }) => ({
              layer: layerName,
              rule: id,
              ...fileLineOf(span, sources),
            })),
            chain: cut.chain.map(describeHop),
          },
        }),
  };
}

export function makePathDocument(path: Path, asked: AskedChain, at: string): PathDocument {
  return {
    format: PATH_FORMAT,
    at,
    source: asked.of,
    destination: asked.only ?? '',
    service: asked.service,
    hops: asked.hops,
    outcome: path.outcome,
    path: path.hops.map(describeHop),
    reachable: path.reachable,
  };
}

function describeHop({ source, destination, services, witness }: ReachHop): HopDocument {
  const { decision, question } = witness;
  const reason = unruled(decision);
  const rules = rulesOf(decision);
  return {
    source,
    destination,
    services: toServiceRows(services),
    flow: `${witness.source} -> ${witness.destination} on ${formatServices(serviceOfPoint(question.service))}`,
    verdict: decision.verdict,
    rules,
    ...(reason === null ? {} : { reason }),
  };
}
