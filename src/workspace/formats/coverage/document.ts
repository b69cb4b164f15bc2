// What expectations exercise as a document, `bulkhead.coverage/1`; the other formats are made from it.
import type { Count, Coverage, CoverageState, CoveredItem } from '../../../analyze/coverage/coverage.ts';
import type { Layer } from '../../../model/layer.ts';
import type { Direction } from '../../../model/policy.ts';
import { type FileLine, fileLineOf, type Sources } from '../place.ts';

export const COVERAGE_FORMAT = 'bulkhead.coverage/1';

export interface CoverageRow extends FileLine {
  readonly kind: 'rule' | 'default';
  readonly layer: string;
  readonly tier: string;
  /** null: the default of the tier. */
  readonly policy: string | null;
  readonly rule: string | null;
  readonly state: CoverageState;
  readonly by: readonly string[];
  readonly denies: readonly { readonly direction: Direction; readonly state: CoverageState }[];
}

interface CountJson extends Count {
  /** Of a hundred, one decimal; null where there is nothing to cover. */
  readonly percent: number | null;
}

export interface CoverageDocument {
  readonly format: typeof COVERAGE_FORMAT;
  readonly at: string;
  readonly rules: CountJson;
  readonly defaults: CountJson;
  readonly denyPaths: CountJson;
  readonly items: readonly CoverageRow[];
}

export function makeCoverageDocument(
  coverage: Coverage,
  layers: readonly Layer[],
  sources: Sources,
  at: string,
): CoverageDocument {
  return {
    format: COVERAGE_FORMAT,
    at,
    rules: withPercent(coverage.rules),
    defaults: withPercent(coverage.defaults),
    denyPaths: withPercent(coverage.denyPaths),
    items: coverage.items.map((item) => rowOf(item, layers, sources)),
  };
}

function rowOf(
  { layer, tier, policy, rule, state, by, denies }: CoveredItem,
  layers: readonly Layer[],
  sources: Sources,
) {
  return {
    kind: rule === null ? ('default' as const) : ('rule' as const),
    layer: layers[layer]?.name ?? '',
    tier: tier.name,
    policy: policy?.id ?? null,
    rule: rule?.id ?? null,
    ...fileLineOf(rule === null ? tier.span : rule.span, sources),
    state,
    by,
    denies,
  };
}

function withPercent({ covered, of }: Count): CountJson {
  return { covered, of, percent: percentOf(covered, of) };
}

/** Rounded down, so that only all of them are a hundred. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part / whole) * 1000) / 10;
}
