// What `check` found as a document, `bulkhead.check/1`: how much there was to judge, and every finding with its place.
import type { Layer } from '../../model/layer.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import { type DiagnosticJson, toJson } from '../../text/diagnostic-json.ts';
import type { Sources } from './place.ts';

export const CHECK_FORMAT = 'bulkhead.check/1';

/** What a layer holds. */
export interface LayerSummary {
  readonly name: string;
  readonly dialect: string;
  readonly policies: number;
  readonly rules: number;
  readonly groups: number;
  readonly workloads: number;
  readonly tests: number;
}

export interface CheckDocument {
  readonly format: typeof CHECK_FORMAT;
  readonly at: string;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly files: number;
  readonly layers: readonly LayerSummary[];
  readonly diagnostics: readonly DiagnosticJson[];
}

export function summariseLayer(layer: Layer): LayerSummary {
  return {
    name: layer.name,
    dialect: layer.dialect.name,
    policies: layer.policies.length,
    rules: layer.policies.reduce((sum, policy) => sum + policy.rules.length, 0),
    groups: layer.groups.size,
    workloads: layer.world.workloads.length,
    tests: layer.expectations.filter((expectation) => expectation.kind === 'test').length,
  };
}

/** `shown`: the findings to list, in order; the counts are of all of `diagnostics`. */
export function makeCheckDocument(
  layers: readonly Layer[],
  diagnostics: readonly Diagnostic[],
  shown: readonly Diagnostic[],
  sources: Sources,
  at: string,
): CheckDocument {
  const count = (severity: Diagnostic['severity']): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    format: CHECK_FORMAT,
    at,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    files: sources.size,
    layers: layers.map(summariseLayer),
    diagnostics: shown.map((diagnostic) => toJson(diagnostic, sources)),
  };
}
