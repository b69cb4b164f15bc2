// Says which parts of a node may hold comments, in the order in which they are written: what stands on a line of its
// own, and the members of lists that can be broken over lines. Both attaching and printing comments follow it.

import type { Span } from '../text/source.ts';
import type { Comment } from './lexical/comment.ts';
import type {
  AssertionNode,
  ChangeNode,
  ClaimNode,
  Commented,
  ConditionNode,
  FlowParts,
  OptionNode,
  PeerNode,
  RuleNode,
  ServiceNode,
  Statement,
  StatementBody,
  StepNode,
  TestItem,
  WorldNode,
} from './tree.ts';

export interface Holder extends Commented {
  readonly span: Span;
  readonly comments?: readonly Comment[];
}

/** A part that may hold comments. */
export interface Place {
  readonly node: Holder;
  /** Whether a line can be put before it. */
  readonly ownLine: boolean;
  readonly inside: () => Layout;
}

export interface Layout {
  readonly places: readonly Place[];
  /** Whether it ends with a block in `{ }` with a line for each part. */
  readonly hasBlock: boolean;
}

/** The parts of a statement. */
export function layoutOfStatement(statement: Statement): Layout {
  return layoutOfBody(statement.body);
}

function layoutOfBody(body: StatementBody): Layout {
  switch (body.kind) {
    case 'language':
    case 'module':
      return plain;
    case 'import':
      return list(body.names.map(leaf));
    case 'label':
      return list((body.values ?? []).map(leaf));
    case 'service':
      return list(serviceParts(body.service));
    case 'addresses':
      return list([...body.of, ...body.except].map(leaf));
    case 'internal':
      return list(firstInline(body.of.map(leaf)));
    case 'group':
      return list(peerParts(body.peer));
    case 'exclude':
    case 'governs':
      return list(firstInline(peerParts(body.peer)));
    case 'tiers':
      return block(body.tiers.map(leaf));
    case 'dialect':
      return optionalBlock(body.settings.map(leaf));
    case 'policy':
      return block([...body.options.map(option), ...body.rules.map(rule)]);
    case 'test':
      return block(body.items.map(testItem));
    case 'invariant':
      return block(body.claims.map(claim));
    case 'budget':
      return block([]);
    case 'change-block':
      return block([...body.changes.map(change), ...[...body.opens, ...body.closes].map(assertion)]);
    case 'scenario':
      return block(body.steps.map(step));
    case 'change':
      return layoutOfChange(body.change);
    case 'tunnel':
      return optionalBlock(body.properties.map(leaf));
    case 'world':
      return layoutOfWorld(body.node);
  }
}

const plain: Layout = { places: [], hasBlock: false };

/** The first stays on the line of the word before it. */
function firstInline(places: readonly Place[]): readonly Place[] {
  return places.map((place, i) => (i === 0 ? { ...place, ownLine: false } : place));
}

function inOrder(places: readonly Place[]): readonly Place[] {
  return [...places].sort((a, b) => a.node.span.start - b.node.span.start);
}

function list(places: readonly Place[]): Layout {
  return { places, hasBlock: false };
}

function block(places: readonly Place[]): Layout {
  return { places: inOrder(places), hasBlock: true };
}

/** A block that is not written when there is nothing in it. */
function optionalBlock(places: readonly Place[]): Layout {
  return { places, hasBlock: places.length > 0 };
}

function leaf(node: Holder): Place {
  return { node, ownLine: true, inside: () => plain };
}

function rule(node: RuleNode): Place {
  return { node, ownLine: true, inside: () => list([...flowParts(node), ...node.options.map(option)]) };
}

function option(node: OptionNode): Place {
  return { node, ownLine: true, inside: () => list(node.kind === 'applies-to' ? [peer(node.peer, false)] : []) };
}

function assertion(node: AssertionNode): Place {
  return { node, ownLine: true, inside: () => list(flowParts(node)) };
}

function claim(node: ClaimNode): Place {
  return { node, ownLine: true, inside: () => list(flowParts(node)) };
}

function step(node: StepNode): Place {
  return { node, ownLine: true, inside: () => block(node.items.map(testItem)) };
}

function change(node: ChangeNode): Place {
  return { node, ownLine: true, inside: () => layoutOfChange(node) };
}

function testItem(node: TestItem): Place {
  const inside = (): Layout => {
    if (node.kind === 'assertion') return list(flowParts(node));
    if (node.kind === 'at-block') return block(node.items.map(testItem));
    return node.kind === 'given' ? layoutOfWorld(node.workload) : layoutOfChange(node.change);
  };
  return { node, ownLine: true, inside };
}

function layoutOfChange(node: ChangeNode): Layout {
  if (node.kind === 'create') return layoutOfWorld(node.workload);
  if (node.kind === 'add') return list([...flowParts(node.rule), ...node.rule.options.map(option)]);
  return plain;
}

function layoutOfWorld(node: WorldNode): Layout {
  return optionalBlock(node.properties.map(leaf));
}

/** `SRC -> DST on SERVICE`: a line can start with the arrow or with `on`. */
function flowParts(node: FlowParts): readonly Place[] {
  const places = [peer(node.source, false), peer(node.destination, true)];
  const { service: what } = node;
  if (what !== null) places.push({ ...service(what), inside: () => list(firstInline(serviceParts(what))) });
  return places;
}

function peer(node: PeerNode, ownLine: boolean): Place {
  return { node, ownLine, inside: () => list(peerParts(node)) };
}

function service(node: ServiceNode): Place {
  return { node, ownLine: true, inside: () => list(serviceParts(node)) };
}

function condition(node: ConditionNode): Place {
  return { node, ownLine: true, inside: () => list(conditionParts(node)) };
}

function peerParts(node: PeerNode): readonly Place[] {
  switch (node.kind) {
    case 'union':
    case 'intersect':
      return node.of.map((member) => peer(member, true));
    case 'except':
      return [peer(node.of, false), peer(node.except, true)];
    case 'negated':
      return peerParts(node.of);
    case 'addresses': {
      const members = node.of.length > 1 ? node.of.map(leaf) : [];
      // Only with names among them do they stand in parentheses.
      return node.of.some(({ kind }) => kind === 'path') ? members : firstInline(members);
    }
    case 'select': {
      const { where, namespaces } = node;
      return [where, namespaces].flatMap((part) => (part === null ? [] : conditionParts(part)));
    }
    default:
      return [];
  }
}

function conditionParts(node: ConditionNode): readonly Place[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.of.map(condition);
    case 'not':
      return conditionParts(node.of);
    case 'compare':
      return node.values.length > 1 ? node.values.map(leaf) : [];
    case 'address-in':
      return node.of.length > 1 ? node.of.map(leaf) : [];
    case 'has':
      return [];
  }
}

function serviceParts(node: ServiceNode): readonly Place[] {
  switch (node.kind) {
    case 'list':
      return node.of.map(service);
    case 'except':
      return [{ ...service(node.of), ownLine: false }, service(node.except)];
    case 'opaque':
      return serviceParts(node.of);
    default:
      return [];
  }
}
