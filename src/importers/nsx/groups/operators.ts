// The operator and value of a condition → a test of a text, in every operator that the Policy API has. Evaluation
// ignores case (NSX 4.2 schema Condition); the dialect says so to the graph, and what is tested here does too.
import type { Condition, TextTest } from '../../../model/peer.ts';
import { compileTextTest, refusePattern } from '../../../model/text-test.ts';
import type { Labels } from '../../../model/workload.ts';
import { type Spellings, spell } from '../world/tags.ts';

export interface Comparison {
  readonly test: TextTest;
  readonly negated: boolean;
}

/**
 * What an operator asks of a text; null for an operator that does not exist. `IN` and `NOTIN` list their values with
 * commas. `MATCHES` takes a regular expression of the whole text: a pattern that is none gives the reason.
 */
export function readComparison(operator: string, value: string): Comparison | { readonly problem: string } | null {
  switch (operator) {
    case 'EQUALS':
      return { test: { op: 'equals', value }, negated: false };
    case 'NOTEQUALS':
      return { test: { op: 'equals', value }, negated: true };
    case 'CONTAINS':
      return { test: { op: 'contains', value }, negated: false };
    case 'STARTSWITH':
      return { test: { op: 'starts', value }, negated: false };
    case 'ENDSWITH':
      return { test: { op: 'ends', value }, negated: false };
    case 'IN':
    case 'NOTIN':
      return { test: { op: 'in', values: value.split(',').map((item) => item.trim()) }, negated: operator === 'NOTIN' };
    case 'MATCHES': {
      const refusal = refusePattern(value);
      return refusal === null ? { test: { op: 'matches', pattern: value }, negated: false } : refusal;
    }
    default:
      return null;
  }
}

/** A condition on tags: that some tag of the scope (null: of any) passes the test (null: exists), or that none does. */
export interface TagCondition {
  readonly scope: string | null;
  readonly test: TextTest | null;
  readonly negated: boolean;
}

/** `scope|tag` taken apart; a text without a bar is a tag of any scope. */
export function splitTagValue(value: string): { readonly scope: string; readonly tag: string } {
  const bar = value.indexOf('|');
  return bar === -1 ? { scope: '', tag: value } : { scope: value.slice(0, bar), tag: value.slice(bar + 1) };
}

export function tagCondition({ scope, test, negated }: TagCondition, spellings: Spellings): Condition {
  const condition = positive(scope === null ? null : spell(spellings, scope), test);
  return negated ? { op: 'not', of: condition } : condition;
}

function positive(key: string | null, test: TextTest | null): Condition {
  if (key === null) return { op: 'any-label', test: test ?? { op: 'contains', value: '' } };
  return test === null ? { op: 'has', key } : { op: 'label', key, test };
}

/** Whether an object with these tags meets the condition. */
export function meetsTagCondition({ scope, test, negated }: TagCondition, tags: Labels): boolean {
  const passes = test === null ? () => true : compileTextTest(test, false);
  const wanted = scope?.toLowerCase();
  for (const [key, values] of tags) {
    if (wanted !== undefined && key.toLowerCase() !== wanted) continue;
    if (values.some(passes)) return !negated;
  }
  return negated;
}
