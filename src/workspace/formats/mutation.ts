// What became of mutants as a document, `bulkhead.mutation/1`.

import type { ChangedFlow, MutantResult, MutationReport } from '../../analyze/mutate/mutate.ts';
import { OPERATORS, type Operator } from '../../analyze/mutate/operators/mutant.ts';
import type { Layer } from '../../model/layer.ts';
import type { Verdict } from '../../model/policy.ts';
import { formatInstant } from '../../model/time.ts';
import { formatServices } from '../../net/service-text.ts';
import { percentOf } from './coverage/document.ts';
import { type FileLine, fileLineOf, type Sources } from './place.ts';
import { serviceOfPoint } from './service-point.ts';

export const MUTATION_FORMAT = 'bulkhead.mutation/1';

export interface FlowJson {
  readonly at: string;
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface MutantJson extends FileLine {
  readonly id: string;
  readonly operator: Operator;
  readonly layer: string;
  readonly tier: string;
  readonly policy: string | null;
  readonly rule: string | null;
  readonly change: string;
  readonly status: MutantResult['status'];
  /** Of a killed one: what noticed. */
  readonly by?: FileLine & { readonly name: string };
  /** Of a survivor: a flow that changes. */
  readonly flow?: FlowJson;
  /** Of a refused one. */
  readonly reason?: string;
}

type Counts = Readonly<Record<MutantResult['status'], number>>;

export interface MutationDocument extends Counts {
  readonly format: typeof MUTATION_FORMAT;
  readonly at: string;
  /** Killed and survived together: what the score is a share of. */
  readonly of: number;
  /** Percent, one decimal; null where nothing counts. */
  readonly score: number | null;
  readonly operators: readonly ({ readonly operator: Operator } & Counts)[];
  readonly mutants: readonly MutantJson[];
}

export function makeMutationDocument(
  { results, killed, of }: MutationReport,
  layers: readonly Layer[],
  sources: Sources,
  at: string,
): MutationDocument {
  return {
    format: MUTATION_FORMAT,
    at,
    ...countsOf(results),
    of,
    score: percentOf(killed, of),
    operators: OPERATORS.map((operator) => ({
      operator,
      ...countsOf(results.filter(({ mutant }) => mutant.operator === operator)),
    })),
    mutants: results.map((result) => mutantOf(result, layers, sources)),
  };
}

function countsOf(results: readonly MutantResult[]): Counts {
  const count = (status: MutantResult['status']): number => results.filter((result) => result.status === status).length;
  return {
    killed: count('killed'),
    survived: count('survived'),
    equivalent: count('equivalent'),
    refused: count('refused'),
  };
}

function mutantOf(result: MutantResult, layers: readonly Layer[], sources: Sources): MutantJson {
  const { id, operator, layer, tier, policy, rule, change, span } = result.mutant;
  return {
    id,
    operator,
    layer: layers[layer]?.name ?? '',
    tier,
    policy: policy?.id ?? null,
    rule: rule?.id ?? null,
    ...fileLineOf(span, sources),
    change,
    status: result.status,
    ...(result.status === 'killed' ? { by: { name: result.by.name, ...fileLineOf(result.by.span, sources) } } : {}),
    ...(result.status === 'survived' ? { flow: flowOf(result.flow) } : {}),
    ...(result.status === 'refused' ? { reason: result.reason } : {}),
  };
}

function flowOf({ at, source, destination, question, before, after }: ChangedFlow): FlowJson {
  const service = formatServices(serviceOfPoint(question.service));
  return { at: formatInstant(at), source, destination, service, before, after };
}
