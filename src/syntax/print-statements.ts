// Writes one statement of a file, whatever its kind.
import { type Doc, group, indent, line } from './doc.ts';
import { changeBlockItems, lineItem, printPolicy, settingItem, stepItem, testItems, tierItem } from './print-blocks.ts';
import { printBehind } from './print-comments.ts';
import { printAddressList, printBraces, printPeer, printWholePeer, printWholeService } from './print-expressions.ts';
import { type Blanks, printBlock, printLines } from './print-lines.ts';
import { printName, printNumber, printPath } from './print-names.ts';
import { printClaim, printHops } from './print-rules.ts';
import { printChange, printPropertyBlock, printWorld } from './print-world.ts';
import type { Statement } from './tree.ts';

/** What stands before the column that neighbours of the kind share: `group web`. Empty where there is none. */
export function statementHead({ body }: Statement): string {
  switch (body.kind) {
    case 'service':
    case 'addresses':
    case 'group':
      return `${body.kind} ${printName(body.name, 'reference')}`;
    case 'invariant':
    case 'budget':
      return `${body.kind} ${printName(body.name)}`;
    case 'label':
      return body.values === null ? '' : `label ${printName(body.key)}`;
    case 'import':
      return `import ${printPath(body.path)}`;
    default:
      return '';
  }
}

/** The statement without its doc and the comments above it; `head` is its head, filled up, and ends with a blank. */
export function printStatement(statement: Statement, head: string, blanks: Blanks): Doc {
  const { body } = statement;
  switch (body.kind) {
    case 'language':
      return `language ${printNumber(body.version)}`;
    case 'module':
      return `module ${printPath(body.path)}`;
    case 'import':
      return [head, printBraces(body.names, (name) => printName(name))];
    case 'label': {
      const cardinality = body.cardinality === null ? '' : ` ${body.cardinality}`;
      if (body.values === null) return `label ${printName(body.key)}${cardinality}`;
      return [head, 'in ', printBraces(body.values, (value) => printName(value)), cardinality];
    }
    case 'service':
      return printDefinition(head, printWholeService(body.service));
    case 'group':
      return printDefinition(head, printWholePeer(body.peer));
    case 'addresses': {
      const except = body.except.length === 0 ? [] : [line, indent(printAddressList(body.except, 'except '))];
      return printDefinition(head, [printAddressList(body.of, ''), ...except]);
    }
    case 'internal':
      return group(['internal ', indent(printAddressList(body.of, ''))]);
    case 'exclude':
    case 'governs':
      return group([body.kind, ' ', indent(printWholePeer(body.peer))]);
    case 'tiers':
      return printBlock('tiers ', printList(body.tiers.map(tierItem), blanks), statement, 'lines');
    case 'dialect': {
      const name = `dialect ${printName(body.name)}`;
      if (body.settings.length === 0) return [name, ...printBehind(statement)];
      return printBlock(`${name} `, printList(body.settings.map(settingItem), blanks), statement, 'lines');
    }
    case 'policy':
      return printPolicy(body, statement, blanks);
    case 'test':
      return printBlock(
        `test ${printName(body.name)} `,
        printList(testItems(body.items, blanks), blanks),
        statement,
        'lines',
      );
    case 'invariant': {
      const claims = body.claims.map((claim) => lineItem(claim, printClaim(claim)));
      const style = claims.length === 1 ? 'may share a line' : 'lines';
      return printBlock(head, printList(claims, blanks), statement, style);
    }
    case 'budget': {
      const reach = body.direction === 'from' ? 'reach of ' : 'reach to ';
      const bound = `${printHops(body.hops)} <= ${printNumber(body.atMost)}`;
      return printBlock(head, [reach, printPeer(body.of), bound], statement, 'may share a line');
    }
    case 'change-block':
      return printBlock(
        `change ${printName(body.name)} `,
        printList(changeBlockItems(body), blanks),
        statement,
        'lines',
      );
    case 'scenario': {
      const steps = body.steps.map((step) => stepItem(step, blanks));
      return printBlock(`scenario ${printName(body.name)} `, printList(steps, blanks), statement, 'lines');
    }
    case 'change':
      return printChange(body.change, statement);
    case 'tunnel':
      return printPropertyBlock(`tunnel ${printName(body.from)} <-> ${printName(body.to)}`, body.properties, statement);
    case 'world':
      return printWorld(body.node, statement);
  }
}

/** `NAME = …` on one line, or with what is defined on lines of its own. */
function printDefinition(head: string, doc: Doc): Doc {
  return group([head, '=', indent([line, doc])]);
}

function printList(items: Parameters<typeof printLines>[0], blanks: Blanks): Doc | null {
  return items.length === 0 ? null : printLines(items, blanks);
}
