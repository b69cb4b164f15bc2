// Turns a syntax tree into the text of a policy file in its usual form, with every comment. What is printed reads back
// as the same tree, and prints as the same text. The text that the tree came from is looked at only for blank lines.
import type { Source } from '../text/source.ts';
import { alignCells, cutRuns } from './align.ts';
import { type Doc, flatten, group, hardLine, render } from './doc.ts';
import { WIDTH } from './print-blocks.ts';
import { above } from './print-comments.ts';
import { printWholePeer, printWholeService } from './print-expressions.ts';
import { type Blanks, blanksOf, type LineItem, noBlanks, printLines } from './print-lines.ts';
import { printComment } from './print-names.ts';
import { printFlow } from './print-rules.ts';
import { printStatement, statementHead } from './print-statements.ts';
import { printChange } from './print-world.ts';
import type { ChangeNode, FlowNode, PeerNode, ServiceNode, Statement, Tree } from './tree.ts';

/** The file of a tree; with the source that it was read from, its blank lines are kept. Ends with a line end. */
export function printTree(tree: Tree, source?: Source): string {
  const blanks = source === undefined ? noBlanks : blanksOf(source);
  const items = statementItems(tree.statements, blanks);
  const doc: Doc[] = [printLines(items, blanks)];
  for (const comment of tree.comments) {
    if (doc.length > 1 || items.length > 0) doc.push(hardLine);
    if ((doc.length > 1 || items.length > 0) && blanks.above(comment.span.start)) doc.push(hardLine);
    doc.push(printComment(comment));
  }
  const text = render(doc, WIDTH);
  return text === '' ? '' : `${text}\n`;
}

/** One change, as `parseChangeText` reads it. */
export function printChangeText(change: ChangeNode): string {
  return printLine(printChange(change, change));
}

/** A question about a flow on one line, as `parseFlowText` reads it. */
export function printFlowText(flow: FlowNode): string {
  return printLine(printFlow(flow));
}

/** A peer on one line, as `parsePeerText` reads it. */
export function printPeerText(peer: PeerNode): string {
  return printLine(printWholePeer(peer));
}

/** A service on one line, as `parseServiceText` reads it. */
export function printServiceText(service: ServiceNode): string {
  return printLine(printWholeService(service));
}

function printLine(doc: Doc): string {
  return render(group(doc), Number.POSITIVE_INFINITY);
}

/** Statements of one kind that follow each other have what comes after their names in a column. */
function statementItems(statements: readonly Statement[], blanks: Blanks): readonly LineItem[] {
  const joins = (before: Statement, statement: Statement): boolean =>
    before.body.kind === statement.body.kind &&
    isShort(before) &&
    isShort(statement) &&
    statement.doc === null &&
    above(statement).length === 0 &&
    !blanks.above(statement.span.start);
  let before: Statement | null = null;
  return cutRuns(statements, joins).flatMap((run) => {
    const heads = alignCells(run.map((statement) => [statementHead(statement), '']));
    return run.map((statement, i) => {
      const item = {
        node: statement,
        doc: statement.doc,
        body: printStatement(statement, heads[i] ?? '', blanks),
        placesComments: placesComments(statement),
        isApart: before !== null && isApart(before, statement, blanks),
      };
      before = statement;
      return item;
    });
  });
}

/** Whether a statement with a name takes one line; only such ones are brought in line with each other. */
function isShort(statement: Statement): boolean {
  const head = statementHead(statement);
  const text = head === '' ? null : flatten(printStatement(statement, `${head} `, noBlanks));
  return text !== null && text.length <= WIDTH;
}

/** Whether a blank line stands between two statements; without a source, one stands between different kinds. */
function isApart(before: Statement, statement: Statement, blanks: Blanks): boolean {
  if (APART.has(before.body.kind) || APART.has(statement.body.kind)) return true;
  return blanks === noBlanks && (familyOf(before) !== familyOf(statement) || statement.doc !== null);
}

/** Statements that always take several lines. */
const APART: ReadonlySet<string> = new Set(['policy', 'tiers', 'test', 'change-block', 'scenario', 'dialect']);

/** Whether what prints the statement also puts its comments in and behind its block. */
function placesComments({ body }: Statement): boolean {
  if (body.kind === 'change') return body.change.kind === 'create';
  return [
    'world',
    'tunnel',
    'dialect',
    'policy',
    'tiers',
    'test',
    'invariant',
    'budget',
    'change-block',
    'scenario',
  ].includes(body.kind);
}

function familyOf({ body }: Statement): string {
  if (body.kind === 'world') return body.node.what;
  return body.kind === 'language' || body.kind === 'module' ? 'import' : body.kind;
}
