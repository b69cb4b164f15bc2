// Judges the labels of a world against what a policy root declares of them: keys, values, and how many at once.

import { didYouMean, type Suggest } from '../base/bounded-suggest.ts';
import { type Diagnostic, error } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { LabelKey } from './layer.ts';
import type { PartSpans } from './part-spans.ts';
import type { TextTest } from './peer.ts';
import { compileTextTest } from './text-test.ts';
import type { Labels } from './workload.ts';
import type { World } from './world.ts';

/** The labels that a root declares. Where it declares none, everything is allowed. */
export interface LabelRules {
  readonly keys: ReadonlyMap<string, LabelKey>;
  /** Of the root's dialect. */
  readonly caseSensitive: boolean;
}

/** Something with labels. Its parts are marked `label KEY` and `label KEY=VALUE`. */
export interface Labelled {
  readonly labels: Labels;
  readonly span: Span | null;
}

/** Every label in the world that the declarations do not allow. */
export function checkLabels(
  world: World,
  rules: LabelRules,
  spans: PartSpans,
  suggest: Suggest,
): readonly Diagnostic[] {
  const things: readonly (readonly Labelled[])[] = [world.workloads, world.hosts, world.segments, world.namespaces];
  return things.flatMap((list) => list.flatMap((thing) => checkLabelsOf(thing, rules, spans, suggest)));
}

const NONE: readonly Diagnostic[] = [];

/** The labels of one thing that the declarations do not allow. */
export function checkLabelsOf(
  thing: Labelled,
  rules: LabelRules,
  spans: PartSpans,
  suggest: Suggest,
): readonly Diagnostic[] {
  if (rules.keys.size === 0 || thing.labels.size === 0) return NONE;
  const diagnostics: Diagnostic[] = [];
  for (const [key, values] of thing.labels) {
    const known = rules.keys.get(key);
    if (known === undefined) {
      diagnostics.push(
        error('world/unknown-label', `there is no label \`${key}\``, spans.of(thing, `label ${key}`) ?? thing.span, {
          help: didYouMean(suggest(key, rules.keys.keys())) ?? `declare it: \`label ${key}\``,
        }),
      );
      continue;
    }
    for (const value of values) {
      if (hasValue(known, value, rules.caseSensitive)) continue;
      const near = suggest(value, known.values ?? []);
      diagnostics.push(
        error(
          'world/label-value',
          `\`${value}\` is not a value of \`${key}\``,
          spans.of(thing, `label ${key}=${value}`) ?? thing.span,
          { help: didYouMean(near), notes: [{ message: 'the values are declared here', span: known.span }] },
        ),
      );
    }
    const [first, second] = values;
    if (!known.single || second === undefined) continue;
    diagnostics.push(
      error(
        'world/several-values',
        `\`${key}\` holds one value, and is given \`${first}\` and \`${second}\``,
        spans.of(thing, `label ${key}=${second}`) ?? thing.span,
        {
          notes: [{ message: 'declared here', span: known.span }],
          help: `take one away, or declare \`label ${key} … several\``,
        },
      ),
    );
  }
  return diagnostics;
}

const tests = new WeakMap<LabelKey, (value: string) => boolean>();

function hasValue(known: LabelKey, value: string, caseSensitive: boolean): boolean {
  if (known.values === null) return true;
  const test = tests.get(known) ?? compileTextTest({ op: 'in', values: known.values }, caseSensitive);
  tests.set(known, test);
  return test(value);
}

/** Whether some value that the key may have passes the test. */
export function hasPassingValue(known: LabelKey, test: TextTest, caseSensitive: boolean): boolean {
  if (known.values === null) return true;
  if (test.op === 'equals') return hasValue(known, test.value, caseSensitive);
  return known.values.some(compileTextTest(test, caseSensitive));
}
