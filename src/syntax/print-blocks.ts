// Writes the lines of blocks: rules of a policy and assertions of a test in columns, and whatever else has lines.
import type { Span } from '../text/source.ts';
import { alignCells, cutRuns } from './align.ts';
import { type Doc, group, hardLine, indent, join, line, wideLine } from './doc.ts';
import { above } from './print-comments.ts';
import { printWholeService } from './print-expressions.ts';
import { type Blanks, type LineItem, printBlock, printLines } from './print-lines.ts';
import { printName, printTime } from './print-names.ts';
import { assertionCells, effectHead, printAssertion, printOptionMember, printRule, ruleHead } from './print-rules.ts';
import { printChange, printWorld } from './print-world.ts';
import type {
  AssertionNode,
  ChangeNode,
  Commented,
  OptionNode,
  RuleNode,
  SettingNode,
  StatementBody,
  StepNode,
  TestItem,
  TierNode,
} from './tree.ts';

type BodyOf<K extends StatementBody['kind']> = StatementBody & { readonly kind: K };

/** Columns of a line of a file, where it can be broken. */
export const WIDTH = 100;
// `pass to TIER` in one rule is no reason to move the names of all others.
const WIDEST_ACTION = 10;
// What tables leave for the blanks before them, however deep they stand.
const MARGIN = 8;

/** A thing on a line of its own, without a `doc` field. */
export function lineItem(node: Commented & { readonly span: Span }, body: Doc, placesComments = false): LineItem {
  return { node, doc: null, body, placesComments, isApart: false };
}

export function printPolicy(body: BodyOf<'policy'>, holder: Commented, blanks: Blanks): Doc {
  const remarks = body.options.filter(isRemark);
  const options = body.options.filter((option) => !isRemark(option));
  const name = `policy ${printName(body.name)} in ${printName(body.tier)}`;
  // Where the options take lines of their own, so does the brace.
  const head = group([name, indent(options.map((option) => [line, printOptionMember(option)])), line]);
  const lines: Doc[] = [];
  if (remarks.length > 0) lines.push(group(join(wideLine, remarks.map(printOptionMember))));
  if (remarks.length > 0 && body.rules.length > 0) lines.push(hardLine, hardLine);
  lines.push(printLines(ruleItems(body.rules, blanks), blanks));
  return printBlock(head, remarks.length + body.rules.length === 0 ? null : lines, holder, 'lines');
}

function isRemark({ kind }: OptionNode): boolean {
  return kind === 'owner' || kind === 'ticket' || kind === 'reason';
}

/** Rules with the heads of neighbours in columns; a blank line, a comment or a doc ends what is taken together. */
function ruleItems(rules: readonly RuleNode[], blanks: Blanks): readonly LineItem[] {
  const joins = (_: RuleNode, rule: RuleNode): boolean =>
    rule.doc === null && above(rule).length === 0 && !blanks.above(rule.span.start);
  return cutRuns(rules, joins).flatMap((run) => {
    const heads = alignCells(
      run.map((rule) => [...ruleHead(rule), '']),
      [WIDEST_ACTION],
    );
    return run.map((rule, i) => ({ ...lineItem(rule, printRule(rule, heads[i] ?? '')), doc: rule.doc }));
  });
}

/** The items of a test; assertions that follow each other stand in columns. */
export function testItems(items: readonly TestItem[], blanks: Blanks): readonly LineItem[] {
  const joins = (before: TestItem, item: TestItem): boolean =>
    before.kind === 'assertion' &&
    item.kind === 'assertion' &&
    above(item).length === 0 &&
    !blanks.above(item.span.start);
  return cutRuns(items, joins).flatMap((run) => {
    const assertions = run.filter((item) => item.kind === 'assertion');
    return assertions.length > 0 ? assertionItems(assertions) : run.map((item) => testItem(item, blanks));
  });
}

function assertionItems(run: readonly AssertionNode[]): readonly LineItem[] {
  const cells = run.map(assertionCells);
  const rows = alignCells(cells.filter((row) => row !== null));
  let next = 0;
  return run.map((node, i) => {
    const row = cells[i] === null ? null : (rows[next++]?.trimEnd() ?? null);
    return lineItem(node, row === null || row.length > WIDTH - MARGIN ? printAssertion(node) : row);
  });
}

function testItem(item: TestItem, blanks: Blanks): LineItem {
  switch (item.kind) {
    case 'assertion':
      return lineItem(item, printAssertion(item));
    case 'given':
      return lineItem(item, ['given ', printWorld(item.workload, item)], true);
    case 'at-block':
      return lineItem(item, printItemBlock(`at ${printTime(item.time)} `, item.items, item, blanks), true);
    case 'change-item':
      return changeItem(item.change, item);
  }
}

function changeItem(change: ChangeNode, holder: Commented & { readonly span: Span }): LineItem {
  return lineItem(holder, printChange(change, holder), change.kind === 'create');
}

/** A block of items of a test; a single one may share the line of the braces. */
function printItemBlock(head: string, items: readonly TestItem[], holder: Commented, blanks: Blanks): Doc {
  const lines = items.length === 0 ? null : printLines(testItems(items, blanks), blanks);
  return printBlock(head, lines, holder, items.length === 1 ? 'may share a line' : 'lines');
}

export function stepItem(step: StepNode, blanks: Blanks): LineItem {
  return lineItem(step, printItemBlock(`at ${printTime(step.at)} `, step.items, step, blanks), true);
}

export function tierItem(tier: TierNode): LineItem {
  const parts: Doc[] = [printName(tier.name, 'line')];
  if (tier.ethernet) parts.push(' ethernet');
  if (tier.default !== null) {
    parts.push(` default ${tier.default.verdict}${tier.default.whereSelected ? ' where selected' : ''}`);
  }
  if (tier.decides !== null) parts.push(' decides ', group(indent(printWholeService(tier.decides))));
  return lineItem(tier, parts);
}

export function settingItem(setting: SettingNode): LineItem {
  const { key, value } = setting;
  const text = value.kind === 'name' ? printName(value) : group(indent(printWholeService(value)));
  return lineItem(setting, [printName(key, 'line'), ' ', text]);
}

/** The lines of a change block: what changes, then what that opens and closes. */
export function changeBlockItems(body: BodyOf<'change-block'>): readonly LineItem[] {
  return [
    ...body.changes.map((change) => changeItem(change, change)),
    ...[...body.opens, ...body.closes].map((node) => lineItem(node, printAssertion(node, effectHead(node)))),
  ];
}
