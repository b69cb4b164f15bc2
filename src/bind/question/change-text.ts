// Turns change statements that stand outside every policy root (an argument, a line, a file of them) into changes, in
// the names of the layers that are loaded. What they do is for the engine.

import type { Change } from '../../model/change.ts';
import type { Layer } from '../../model/layer.ts';
import { parseChangeText, parsePolicyFile } from '../../syntax/parse.ts';
import type { ChangeNode, StatementBody } from '../../syntax/tree.ts';
import { type Diagnostic, error, hasErrors } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { resolvePolicy } from '../names/resolve.ts';
import type { Report, Scope } from '../names/scope.ts';
import { bindChanges, openScope } from '../policy/changes.ts';
import { makeChangeNames } from './change-names.ts';

/** A file of change statements, or the text of one. */
export interface ChangeText {
  readonly source: Source;
  readonly kind: 'file' | 'statement';
}

export interface ParsedChanges {
  /** In the order of the texts; without those in error. */
  readonly changes: readonly Change[];
  /** Index of the layer whose names they use. */
  readonly home: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the texts one after the other: each statement sees what those before it make. */
export function parseChanges(texts: readonly ChangeText[], layers: readonly Layer[]): ParsedChanges {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  const nodes = texts.flatMap((text) =>
    text.kind === 'file' ? readFile(text.source, report) : readOne(text.source, report),
  );
  const names = makeChangeNames(layers);
  if (layers.length === 0 || hasErrors(diagnostics)) return { changes: [], home: names.home, diagnostics };
  const made = openScope(names.of(null).scope);
  const changes = nodes.flatMap((node) => {
    const { scope, context } = names.of(node.kind === 'add' ? resolvePolicy(node.policy, quiet(made)) : null);
    return bindChanges([node], { ...scope, locals: made.locals, addedRules: made.addedRules, report }, context);
  });
  return { changes, home: names.home, diagnostics };
}

function readOne(source: Source, report: Report): readonly ChangeNode[] {
  const { node, diagnostics } = parseChangeText(source);
  diagnostics.forEach(report);
  return node === null ? [] : [node];
}

function readFile(source: Source, report: Report): readonly ChangeNode[] {
  const { tree, diagnostics } = parsePolicyFile(source);
  diagnostics.forEach(report);
  return tree.statements.flatMap(({ body, span }) => {
    if (body.kind === 'change') return [body.change];
    if (body.kind !== 'language') report(refuse(body.kind, span));
    return [];
  });
}

function refuse(kind: StatementBody['kind'], span: Diagnostic['span']): Diagnostic {
  const help =
    kind === 'change-block'
      ? 'write its changes alone; whether it opens what it says is judged in the policy root'
      : 'put it into a policy root, and here only statements such as `move web-01 to esx-2`';
  return error('change/not-a-change', `this is not a change`, span, { help });
}

/** The scope for a look-up whose problems somebody else reports. */
function quiet(scope: Scope): Scope {
  return { ...scope, report: () => {} };
}
