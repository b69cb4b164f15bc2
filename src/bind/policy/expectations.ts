// Turns tests, invariants, budgets, change blocks and scenarios into data. Whether they hold is for `analyze`.

import type { Change } from '../../model/change.ts';
import type { Assertion, Expectation, Invariant } from '../../model/expectation.ts';
import type { Instant } from '../../model/time.ts';
import type { Workload } from '../../model/workload.ts';
import type {
  AssertionNode,
  ChangeNode,
  ClaimNode,
  FlowParts,
  Name,
  NumberText,
  StepNode,
  TestItem,
} from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { reportDuplicate, type Statements } from '../names/collect.ts';
import { resolveRule } from '../names/resolve.ts';
import type { Module, Placed, Report, Scope } from '../names/scope.ts';
import { bindPeer } from '../terms/peers.ts';
import { bindService } from '../terms/services.ts';
import { parseInstant } from '../terms/time.ts';
import {
  addWorkload,
  bindChanges,
  bindNewWorkload,
  type ChangeContext,
  type ChangingScope,
  openScope,
} from './changes.ts';
import { acceptTime } from './options.ts';

const KINDS = ['test', 'invariant', 'budget', 'change-block', 'scenario'] as const;
type Kind = (typeof KINDS)[number];

/** Every expectation of a root, by kind, then in the order of files and lines. */
export function bindExpectations(
  statements: Statements,
  scopeOf: (placed: Placed<Kind>) => Scope,
  context: ChangeContext,
  report: Report,
): readonly Expectation[] {
  return KINDS.flatMap((kind) => {
    const placed: readonly Placed<Kind>[] = statements.of(kind);
    reportRepeated(kind, placed, report);
    return placed.map((statement) => bindExpectation(statement, scopeOf(statement), context));
  });
}

/** A test is run and reported by its name. */
function reportRepeated(kind: Kind, placed: readonly Placed<Kind>[], report: Report): void {
  const first = new Map<Module, Map<string, Name>>();
  for (const { body, module } of placed) {
    const names = first.get(module) ?? new Map<string, Name>();
    first.set(module, names);
    const known = names.get(body.name.text);
    if (known === undefined) names.set(body.name.text, body.name);
    else reportDuplicate(`the ${kind === 'change-block' ? 'change' : kind}`, body.name, known.span, report);
  }
}

function bindExpectation({ body, statement, module }: Placed<Kind>, scope: Scope, context: ChangeContext): Expectation {
  const common = { name: body.name.text, module: module.id, span: { ...statement.span, end: body.name.span.end } };
  switch (body.kind) {
    case 'test': {
      const { given, changes, assertions } = bindItems(body.items, openScope(scope), context);
      return { kind: 'test', ...common, given, changes, assertions };
    }
    case 'invariant':
      return { kind: 'invariant', ...common, claims: body.claims.map((claim) => bindClaim(claim, scope)) };
    case 'budget':
      return {
        kind: 'budget',
        ...common,
        of: bindPeer(body.of, scope),
        direction: body.direction,
        hops: bindHops(body.hops, scope),
        atMost: body.atMost.value,
      };
    case 'change-block': {
      const inner = openScope(scope);
      return {
        kind: 'change',
        ...common,
        changes: bindChanges(body.changes, inner, context),
        opens: body.opens.map((node) => bindAssertion(node, null, inner)),
        closes: body.closes.map((node) => bindAssertion(node, null, inner)),
      };
    }
    case 'scenario':
      return { kind: 'scenario', ...common, steps: bindSteps(body.steps, scope, context) };
  }
}

interface Items {
  readonly given: readonly Workload[];
  readonly changes: readonly Change[];
  readonly assertions: readonly Assertion[];
}

/** What is given, then what is changed, then what is expected: a change after an expectation would be read wrongly. */
function bindItems(items: readonly TestItem[], scope: ChangingScope, context: ChangeContext): Items {
  const given: Workload[] = [];
  const changeNodes: ChangeNode[] = [];
  const expected: { readonly node: AssertionNode; readonly at: Instant | null }[] = [];
  const walk = (list: readonly TestItem[], at: Instant | null): void => {
    let now = at;
    for (const item of list) {
      if (item.kind === 'assertion') expected.push({ node: item, at: now });
      else if (item.kind === 'at-block') {
        walk(item.items, acceptTime(parseInstant(item.time.text), item.time.span, scope));
      } else if (item.kind === 'given') {
        const workload = bindNewWorkload(item.workload, scope, context);
        given.push(workload);
        addWorkload(workload, scope);
      } else if (item.change.kind === 'at') {
        now = acceptTime(parseInstant(item.change.time.text), item.change.time.span, scope);
      } else {
        if (expected.length > 0) reportLate(item.change, scope);
        changeNodes.push(item.change);
      }
    }
  };
  walk(items, null);
  const changes = bindChanges(changeNodes, scope, context);
  return { given, changes, assertions: expected.map(({ node, at }) => bindAssertion(node, at, scope)) };
}

function reportLate(change: ChangeNode, { report }: Scope): void {
  report(
    error(
      'check/misplaced-change',
      'this change stands after an expectation, which it would not be part of',
      change.span,
      {
        help: 'put changes first; what is expected before them belongs into a test of its own',
      },
    ),
  );
}

/** One assertion; null for `at` is the instant of the run. */
function bindAssertion(node: AssertionNode, at: Instant | null, scope: Scope): Assertion {
  const rule = node.by === null ? null : resolveRule(node.by.rule, scope);
  return {
    expect: node.expect,
    some: node.some,
    ...bindFlow(node, scope),
    by: node.by === null || rule === null ? null : { rule, direction: node.by.direction, span: node.by.rule.span },
    at,
    span: node.span,
  };
}

/** Source, destination and service of anything that is about flows. */
export function bindFlow(node: FlowParts, scope: Scope): Pick<Assertion, 'source' | 'destination' | 'service'> {
  return {
    source: bindPeer(node.source, scope),
    destination: bindPeer(node.destination, scope),
    service: bindService(node.service, scope),
  };
}

function bindClaim(node: ClaimNode, scope: Scope): Invariant {
  const flow = { ...bindFlow(node, scope), span: node.span };
  if (node.kind === 'no-path') return { kind: node.kind, ...flow, hops: bindHops(node.hops, scope) };
  return { kind: node.kind, ...flow };
}

function bindHops(node: NumberText | null, { report }: Scope): number | null {
  if (node === null || node.value > 0) return node?.value ?? null;
  report(error('check/invalid-number', 'a path has at least one hop', node.span));
  return null;
}

function bindSteps(
  nodes: readonly StepNode[],
  scope: Scope,
  context: ChangeContext,
): Extract<Expectation, { kind: 'scenario' }>['steps'] {
  // What a step makes is there in the steps after it.
  const inner = openScope(scope);
  return nodes.flatMap((node) => {
    const at = node.at.kind === 'offset' ? { offset: node.at.milliseconds } : bindStepInstant(node.at, scope);
    const { given, changes, assertions } = bindItems(node.items, inner, context);
    const created = given.map((workload): Change => ({ kind: 'create', workload, span: workload.span }));
    return at === null ? [] : { at, changes: [...created, ...changes], assertions };
  });
}

function bindStepInstant(
  node: Extract<StepNode['at'], { kind: 'time' }>,
  scope: Scope,
): { readonly instant: Instant } | null {
  const instant = acceptTime(parseInstant(node.text), node.span, scope);
  return instant === null ? null : { instant };
}
