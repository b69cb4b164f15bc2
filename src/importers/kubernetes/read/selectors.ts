// Label selectors: `matchLabels` and `matchExpressions`, to requirements that all must hold, and to conditions of the
// model. After the Kubernetes documentation of labels and selectors; NotIn holds where the key is absent, too.

import type { Condition } from '../../../model/peer.ts';
import type { Labels } from '../../../model/workload.ts';
import { quote } from '../../../net/address.ts';
import { error, warning } from '../../../text/diagnostic.ts';
import {
  at,
  type Cursor,
  fieldsOf,
  hasOnlyFields,
  isGiven,
  isRecord,
  itemsOf,
  keySpanOf,
  type Report,
  spanOf,
  textOf,
  wrongKind,
} from './cursor.ts';
import { checkLabelKey, readLabelValue } from './names.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
type Operator = (typeof OPERATORS)[number];

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  readonly cursor: Cursor;
}

/** Without requirements it selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly cursor: Cursor;
}

/**
 * Reads a selector that is there. null if it is not one, or has a part that is not understood: then what it selects is
 * not known, and the caller fails closed. A null inside selects everything without saying so, which is reported;
 * `everything` names what that is (`every pod`).
 */
export function readSelector(cursor: Cursor, everything: string, report: Report): Selector | null {
  if (!isRecord(cursor.value)) {
    wrongKind(cursor, 'a label selector', report);
    return null;
  }
  const requirements: Requirement[] = [];
  let isKnown = hasOnlyFields(cursor, ['matchLabels', 'matchExpressions'], report);
  const labels = at(cursor, 'matchLabels');
  const expressions = at(cursor, 'matchExpressions');
  for (const field of fieldsOf(labels, report)) {
    const value = readLabelValue(field, report);
    checkLabelKey(field, String(field.key), report);
    if (value === null) isKnown = false;
    else requirements.push({ key: String(field.key), operator: 'In', values: [value], cursor: field });
  }
  for (const item of itemsOf(expressions, report)) {
    const requirement = readExpression(item, report);
    if (requirement === null) isKnown = false;
    else requirements.push(requirement);
  }
  if (isGiven(labels) && !isRecord(labels.value)) isKnown = false;
  if (isGiven(expressions) && !Array.isArray(expressions.value)) isKnown = false;
  if (!isKnown) return null;
  const nothing = [labels, expressions].find((part) => part.value === null);
  if (requirements.length === 0 && nothing !== undefined) {
    report(
      warning(
        'kubernetes/null-selector',
        `\`${nothing.key}\` is null, which selects ${everything}`,
        keySpanOf(nothing),
        {
          help: 'write `{}` if that is meant, or give the labels',
        },
      ),
    );
  }
  return { requirements, cursor };
}

function readExpression(cursor: Cursor, report: Report): Requirement | null {
  if (!isRecord(cursor.value)) {
    wrongKind(cursor, 'a mapping', report);
    return null;
  }
  const isKnown = hasOnlyFields(cursor, ['key', 'operator', 'values'], report);
  const key = textOf(at(cursor, 'key'), report);
  const operatorAt = at(cursor, 'operator');
  const operator = OPERATORS.find((name) => name === operatorAt.value);
  if (key === null || key === '') {
    refuse(cursor, 'an expression must have a key', null, report);
    return null;
  }
  checkLabelKey(at(cursor, 'key'), key, report);
  if (operator === undefined) {
    const meant = OPERATORS.find((name) => name.toLowerCase() === String(operatorAt.value).toLowerCase());
    const help =
      meant === undefined ? `known are ${OPERATORS.map((name) => `\`${name}\``).join(', ')}` : `is \`${meant}\` meant?`;
    refuse(operatorAt, `${quote(String(operatorAt.value))} is not an operator of selectors`, help, report);
    return null;
  }
  const valuesAt = at(cursor, 'values');
  const read = itemsOf(valuesAt, report).map((item) => readLabelValue(item, report));
  const values = read.filter((value) => value !== null);
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (takesValues && values.length === 0) {
    refuse(isGiven(valuesAt) ? valuesAt : cursor, `\`${operator}\` needs at least one value`, null, report);
    return null;
  }
  if (!takesValues && values.length > 0) {
    refuse(valuesAt, `\`${operator}\` takes no values`, `\`${operator === 'Exists' ? 'In' : 'NotIn'}\` does`, report);
    return null;
  }
  return isKnown && values.length === read.length ? { key, operator, values, cursor } : null;
}

function refuse(cursor: Cursor, message: string, help: string | null, report: Report): void {
  report(error('kubernetes/invalid-selector', message, spanOf(cursor), { help }));
}

/** Whether labels satisfy one requirement. */
export function satisfies(labels: Labels, { key, operator, values }: Requirement): boolean {
  const own = labels.get(key);
  switch (operator) {
    case 'In':
      return own?.some((value) => values.includes(value)) ?? false;
    case 'NotIn':
      return !(own?.some((value) => values.includes(value)) ?? false);
    case 'Exists':
      return own !== undefined;
    case 'DoesNotExist':
      return own === undefined;
  }
}

export function selects(selector: Selector, labels: Labels): boolean {
  return selector.requirements.every((requirement) => satisfies(labels, requirement));
}

/** The condition on labels that a selector is; null: it holds for all. */
export function conditionOf(selector: Selector): Condition | null {
  return allOf(selector.requirements.map(requirementCondition));
}

/** The conjunction of conditions; null if there is none. */
export function allOf(conditions: readonly Condition[]): Condition | null {
  const [first, ...rest] = conditions;
  if (first === undefined) return null;
  return rest.length === 0 ? first : { op: 'and', of: conditions };
}

function requirementCondition({ key, operator, values }: Requirement): Condition {
  const [only = '', ...more] = values;
  const test = more.length === 0 ? ({ op: 'equals', value: only } as const) : ({ op: 'in', values } as const);
  switch (operator) {
    case 'In':
      return { op: 'label', key, test };
    case 'NotIn':
      return { op: 'not', of: { op: 'label', key, test } };
    case 'Exists':
      return { op: 'has', key };
    case 'DoesNotExist':
      return { op: 'not', of: { op: 'has', key } };
  }
}

/** A requirement as people say it: `name: carts`, `tier in (web, api)`. */
export function describeRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}: ${values[0]}` : `${key} in (${values.join(', ')})`;
    case 'NotIn':
      return `${key} not in (${values.join(', ')})`;
    case 'Exists':
      return `has ${key}`;
    case 'DoesNotExist':
      return `has no ${key}`;
  }
}
