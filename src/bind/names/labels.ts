// Turns label declarations into keys with their values, and judges what selectors say of them.
// Keys belong to the whole root: labels are on workloads, and those belong to no module.

import { didYouMean, listNames } from '../../base/bounded-suggest.ts';
import { hasPassingValue } from '../../model/label-checks.ts';
import type { LabelKey } from '../../model/layer.ts';
import type { TextTest } from '../../model/peer.ts';
import type { Name } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { reportDuplicate } from './collect.ts';
import { refuseFieldAsKey } from './reserved.ts';
import type { LabelNames, Placed, Report, Scope } from './scope.ts';

/**
 * The declared keys. A key whose values are listed is `single` unless it says otherwise. A root without any `label`
 * statement is written about labels that others declare, such as those of a cluster: every key and value is allowed.
 */
export function bindLabels(statements: readonly Placed<'label'>[], caseSensitive: boolean, report: Report): LabelNames {
  const keys = new Map<string, LabelKey>();
  const names = new Map<string, Name>();
  for (const { body } of statements) {
    const first = names.get(body.key.text);
    if (first !== undefined) {
      reportDuplicate('the label', body.key, first.span, report);
      continue;
    }
    refuseFieldAsKey(body.key, report);
    names.set(body.key.text, body.key);
    keys.set(body.key.text, {
      key: body.key.text,
      values: body.values === null ? null : distinctValues(body.values, report),
      single: body.cardinality === null ? body.values !== null : body.cardinality === 'single',
      span: body.key.span,
    });
  }
  return { keys, open: keys.size === 0, caseSensitive };
}

function distinctValues(values: readonly Name[], report: Report): readonly string[] {
  const seen = new Map<string, Name>();
  for (const value of values) {
    const first = seen.get(value.text);
    if (first === undefined) seen.set(value.text, value);
    else reportDuplicate('the value', value, first.span, report);
  }
  return [...seen.keys()];
}

/** Reports a key that is not declared. Returns its declaration if there is one. */
export function checkLabelKey(key: Name, scope: Scope): LabelKey | null {
  const { labels, suggest } = scope.root;
  const known = labels.keys.get(key.text);
  if (known !== undefined || labels.open) return known ?? null;
  scope.report(
    error('check/unknown-label-key', `there is no label \`${key.text}\``, key.span, {
      help: didYouMean(suggest(key.text, labels.keys.keys())) ?? `declare it: \`label ${key.text} in { … }\``,
    }),
  );
  return null;
}

/** Reports a test that no value of the key can pass; `written` is the value or the pattern. */
export function checkLabelTest(known: LabelKey, test: TextTest, written: Name, scope: Scope): void {
  if (known.values === null) return;
  if (hasPassingValue(known, test, scope.root.labels.caseSensitive)) return;
  const { text } = written;
  const near = test.op === 'equals' ? scope.root.suggest(text, known.values) : null;
  const message =
    test.op === 'equals'
      ? `\`${text}\` is not a value of \`${known.key}\``
      : `no value of \`${known.key}\` passes \`${test.op} ${text}\``;
  scope.report(
    error('check/unknown-label-value', message, written.span, {
      help: didYouMean(near) ?? `its values are ${listNames(known.values)}`,
      notes: [{ message: 'the values are declared here', span: known.span }],
    }),
  );
}
