// Writes rules, options and what else speaks of flows: assertions and claims.
import { type Doc, flatten, group, indent, line, wideLine } from './doc.ts';
import { printAbove, printMember } from './print-comments.ts';
import { printPeer, printWholeService } from './print-expressions.ts';
import { printName, printNumber, printPath, printTime } from './print-names.ts';
import type { AssertionNode, ClaimNode, FlowNode, FlowParts, NumberText, OptionNode, RuleNode } from './tree.ts';

/** What stands before the peers of a rule, in two columns: the action, and the name with its colon. */
export function ruleHead(rule: RuleNode): readonly [string, string] {
  const to = rule.passTo === null ? '' : ` to ${printName(rule.passTo)}`;
  const direction = rule.direction === null ? '' : ` ${rule.direction}`;
  return [`${rule.action}${to}${direction}`, `${printName(rule.name)}:`];
}

/** A rule behind its head, which ends with a blank. */
export function printRule(rule: RuleNode, head: string): Doc {
  const options = rule.options.map((option, i) => [i === 0 ? wideLine : line, printOptionMember(option)]);
  return group([head, indent(indent([...printFlowParts(rule), ...options]))]);
}

/** A rule by itself. */
export function printLoneRule(rule: RuleNode): Doc {
  return printRule(rule, [...ruleHead(rule), ''].join(' '));
}

/** `SRC -> DST on SERVICE` */
export function printFlow(flow: FlowNode): Doc {
  return group(indent(indent(printFlowParts(flow))));
}

function printFlowParts({ source, destination, service }: FlowParts): readonly Doc[] {
  const parts: Doc[] = [
    printMember(source, '', printPeer(source)),
    line,
    printMember(destination, '-> ', printPeer(destination)),
  ];
  if (service !== null) parts.push(line, printMember(service, 'on ', indent(printWholeService(service))));
  return parts;
}

/** The columns of an assertion, each on one line, or null where one does not stay on a line. */
export function assertionCells(node: AssertionNode): readonly string[] | null {
  const cells = [
    assertionHead(node),
    flatten(printMember(node.source, '', printPeer(node.source))),
    flatten(printMember(node.destination, '-> ', printPeer(node.destination))),
    node.service === null ? '' : flatten(printMember(node.service, 'on ', printWholeService(node.service))),
    node.by === null ? '' : ` ${printBy(node)}`,
  ];
  return cells.every((cell) => cell !== null) ? cells : null;
}

/** An assertion; `head` stands in for its verdict where it is not one of a test. */
export function printAssertion(node: AssertionNode, head = assertionHead(node)): Doc {
  const by = node.by === null ? [] : [wideLine, printBy(node)];
  return group([head, ' ', indent(indent([...printFlowParts(node), ...by]))]);
}

function assertionHead({ expect, some }: AssertionNode): string {
  return `${expect}${some ? ' some' : ''}`;
}

/** The head of a line of a change block. */
export function effectHead({ expect, some }: AssertionNode): string {
  return `${expect === 'allow' ? 'opens' : 'closes'}${some ? ' some' : ''}`;
}

function printBy({ by }: AssertionNode): string {
  if (by === null) return '';
  return `by ${printPath(by.rule)}${by.direction === null ? '' : ` ${by.direction}`}`;
}

/** A claim of an invariant. */
export function printClaim(claim: ClaimNode): Doc {
  const head = claim.kind === 'no-path' ? 'no path' : claim.kind;
  const hops = claim.kind === 'no-path' ? printHops(claim.hops) : '';
  return group([head, ' ', indent(indent(printFlowParts(claim))), hops]);
}

/** ` within 2 hops`, or nothing. */
export function printHops(hops: NumberText | null): string {
  return hops === null ? '' : ` within ${printNumber(hops)} hops`;
}

/** An option with its comments. */
export function printOptionMember(option: OptionNode): Doc {
  return printMember(option, '', printOption(option));
}

function printOption(option: OptionNode): Doc {
  switch (option.kind) {
    case 'applies-to':
      return ['applies to ', [...printAbove(option.peer), printPeer(option.peer)]];
    case 'ipv4':
    case 'ipv6':
    case 'stateless':
    case 'strict':
    case 'disabled':
    case 'staged':
    case 'log':
      return option.kind;
    case 'window':
    case 'reason':
    case 'owner':
    case 'ticket':
    case 'originally':
      return `${option.kind} ${printName(option.text)}`;
    case 'until':
      return `until ${printTime(option.time)}`;
    case 'directions':
      return `directions ${option.of.join(', ')}`;
    case 'priority':
    case 'sequence':
      return `${option.kind} ${printNumber(option.value)}`;
    case 'opaque':
      return `opaque ${printName(option.reason)}`;
  }
}
