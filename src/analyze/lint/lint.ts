// Asks every check what it finds. Suppressions and severities are left to those who read comments and configurations.
import { buildSnapshot, type Snapshot } from '../../engine/pipeline.ts';
import type { Tree } from '../../syntax/tree.ts';
import type { Code } from '../../text/codes.ts';
import type { Diagnostic } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { momentsOf } from '../prove/moments.ts';
import type { LintContext } from './kit/check.ts';
import type { LintFinding } from './kit/finding.ts';
import { findRuleFacts, type RuleFacts } from './liveness/rule-facts.ts';
import { CHECKS } from './registry.ts';

export interface LintInput {
  /** Without errors. */
  readonly snapshot: Snapshot;
  readonly sources?: ReadonlyMap<string, Source>;
  /** Of the policy files: without them nothing is said of definitions, and nothing can be mended. */
  readonly trees?: readonly Tree[];
  /** What has been said of the layers already. */
  readonly known?: readonly Diagnostic[];
  /** Codes of optional checks that are wanted. */
  readonly wanted?: ReadonlySet<Code>;
  readonly onCheck?: (code: Code) => void;
}

/** Everything that the checks find, in their order. */
export function lintSnapshot(input: LintInput): readonly LintFinding[] {
  const { snapshot, sources = new Map(), trees = [], known = [], wanted = new Set() } = input;
  let facts: RuleFacts | null = null;
  const context: LintContext = {
    layers: snapshot.layers,
    snapshot,
    at: snapshot.at,
    sources,
    trees,
    known,
    facts() {
      facts ??= findRuleFacts(snapshotsOf(snapshot));
      return facts;
    },
  };
  return CHECKS.filter(({ code, isOptional }) => isOptional !== true || wanted.has(code)).flatMap((check) => {
    input.onCheck?.(check.code);
    return [...check.run(context)];
  });
}

/** One snapshot for each set of rules that are in force together at some time from that of the given one on. */
function* snapshotsOf(first: Snapshot) {
  for (const at of momentsOf(first.layers, first.at)) {
    yield { at, snapshot: at === first.at ? first : buildSnapshot(first.layers, { at }).snapshot };
  }
}
