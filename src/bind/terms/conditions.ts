// Turns conditions after `where` into the model's: label tests, fields, addresses, and what stands between them.
// A key that is a field's name is the field, unless it is quoted; every other key is a label.

import { didYouMean } from '../../base/bounded-suggest.ts';
import { type Condition, type Field, fields, type TextTest } from '../../model/peer.ts';
import { refusePattern } from '../../model/text-test.ts';
import { workloadKinds } from '../../model/workload.ts';
import type { ConditionNode, Name } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { checkLabelKey, checkLabelTest } from '../names/labels.ts';
import type { Scope } from '../names/scope.ts';
import { bindAddresses } from './addresses.ts';

type Compare = Extract<ConditionNode, { readonly kind: 'compare' }>;

/** What the condition is about: workloads, or the namespaces of `in namespaces where …`. */
export type Subject = 'workload' | 'namespace';

/** The bound condition. What is in error is reported and bound as written. */
export function bindCondition(node: ConditionNode, subject: Subject, scope: Scope): Condition {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { op: node.kind, of: node.of.map((part) => bindCondition(part, subject, scope)) };
    case 'not':
      return { op: 'not', of: bindCondition(node.of, subject, scope) };
    case 'has':
      checkLabelKey(node.key, scope);
      return { op: 'has', key: node.key.text };
    case 'address-in': {
      if (subject === 'namespace') refuseForNamespace('address', node.span, scope);
      const condition: Condition = { op: 'address', addresses: bindAddresses(node.of, node.span, scope) };
      return node.negated ? { op: 'not', of: condition } : condition;
    }
    case 'compare': {
      const condition = bindCompare(node, subject, scope);
      return node.operator === '!=' || node.operator === 'not in' ? { op: 'not', of: condition } : condition;
    }
  }
}

function bindCompare(node: Compare, subject: Subject, scope: Scope): Condition {
  const test = bindTest(node, scope);
  const { key } = node;
  if (!key.quoted && key.text === 'any-scope') return { op: 'any-label', test };
  const field = key.quoted ? undefined : fields.find((name) => name === key.text);
  if (field !== undefined) {
    if (subject === 'namespace' && field !== 'name' && field !== 'namespace')
      refuseForNamespace(field, key.span, scope);
    if (field === 'kind') checkKinds(node.values, test, scope);
    return { op: 'field', field, test };
  }
  const known = checkLabelKey(key, scope);
  if (known !== null) for (const value of node.values) checkLabelTest(known, testOf(test, value.text), value, scope);
  return { op: 'label', key: key.text, test };
}

/** The test of one value out of several. */
function testOf(test: TextTest, value: string): TextTest {
  return test.op === 'in' ? { op: 'equals', value } : test;
}

function bindTest(node: Compare, scope: Scope): TextTest {
  const value = node.values[0]?.text ?? '';
  switch (node.operator) {
    case '==':
    case '!=':
      return { op: 'equals', value };
    case 'in':
    case 'not in':
      if (node.values.length === 0) {
        scope.report(
          error('check/empty-set', 'this set of values is empty', node.span, {
            help: 'nothing is in an empty set; name the values that are meant',
          }),
        );
      }
      return { op: 'in', values: node.values.map((name) => name.text) };
    case 'like':
      return { op: 'like', pattern: value };
    case 'starts':
    case 'ends':
    case 'contains':
      return { op: node.operator, value };
    case 'matches':
      return bindPattern(node, value, scope);
  }
}

function bindPattern(node: Compare, pattern: string, scope: Scope): TextTest {
  const refusal = refusePattern(pattern);
  if (refusal === null) return { op: 'matches', pattern };
  scope.report(
    error(
      'check/invalid-pattern',
      `the pattern cannot be used: ${refusal.problem}`,
      node.values[0]?.span ?? node.span,
      {
        help: `at \`${pattern.slice(refusal.at, refusal.at + 20)}\`, character ${refusal.at + 1}; \`like\` with \`*\` and \`?\` is often enough`,
      },
    ),
  );
  return { op: 'equals', value: pattern };
}

function checkKinds(values: readonly Name[], test: TextTest, scope: Scope): void {
  if (test.op !== 'equals' && test.op !== 'in') return;
  for (const value of values) {
    if (workloadKinds.some((kind) => kind === value.text)) continue;
    scope.report(
      error('check/unknown-kind', `there is no kind of workload \`${value.text}\``, value.span, {
        help:
          didYouMean(scope.root.suggest(value.text, workloadKinds)) ??
          `the kinds are ${workloadKinds.map((kind) => `\`${kind}\``).join(', ')}`,
      }),
    );
  }
}

function refuseForNamespace(field: Field | 'address', span: Name['span'], scope: Scope): void {
  scope.report(
    error('check/wrong-kind', `a namespace has no \`${field}\``, span, {
      help: 'a namespace has labels and a `name`; conditions on workloads stand before `in namespaces`',
    }),
  );
}
