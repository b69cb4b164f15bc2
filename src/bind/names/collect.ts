// Turns the trees of a root into modules and what each declares, and sorts all statements by kind.
// Refuses names that are taken or that the language keeps for itself. What a declaration means is not looked at here.

import { addTo } from '../../base/multimap.ts';
import type { Name, Path, Statement, StatementBody, Tree } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { refuseReserved } from './reserved.ts';
import type { Body, Definition, Module, Names, Placed, PolicyName, Report } from './scope.ts';

/** All statements of a root, by kind, in the order of files and lines. */
export interface Statements {
  of<Kind extends StatementBody['kind']>(kind: Kind): readonly Placed<Kind>[];
}

export interface Collected {
  readonly modules: ReadonlyMap<string | null, Module>;
  readonly statements: Statements;
  /** In the order declared; of several with one name only the first. */
  readonly definitions: readonly Definition[];
}

const LANGUAGE_VERSION = 1;

/** The text of a dotted path, without quotes. */
export function pathText(path: Path): string {
  return path.parts.map((part) => part.text).join('.');
}

/** Collects every statement of the trees. */
export function collect(trees: readonly Tree[], report: Report): Collected {
  const modules = new Map<string | null, Module>();
  const byKind = new Map<string, Placed<StatementBody['kind']>[]>();
  const definitions: Definition[] = [];
  for (const tree of trees) {
    const module = moduleOf(tree, modules, report);
    for (const statement of tree.statements) {
      const { body } = statement;
      addTo(byKind, body.kind, { body, statement, module });
      if (body.kind === 'group' || body.kind === 'addresses' || body.kind === 'service') {
        const definition = declare(body, statement, module, report);
        if (definition !== null) definitions.push(definition);
      } else if (body.kind === 'policy') declarePolicy(body, module, report);
      else if (body.kind === 'language') checkVersion(body, report);
    }
  }
  const statements: Statements = {
    of: <Kind extends StatementBody['kind']>(kind: Kind) =>
      (byKind.get(kind) ?? []) as unknown as readonly Placed<Kind>[],
  };
  return { modules, statements, definitions };
}

/** Reports a name that is declared twice, with both places. */
export function reportDuplicate(what: string, name: Name, first: Span | null, report: Report): void {
  report(
    error('check/duplicate-name', `${what} \`${name.text}\` is declared twice`, name.span, {
      notes: [{ message: 'first declared here', span: first }],
    }),
  );
}

function emptyNames(): Names {
  return { peers: new Map(), services: new Map() };
}

/** The module that a file states, made when it is first met; the shared one without a name where it states none. */
function moduleOf(tree: Tree, modules: Map<string | null, Module>, report: Report): Module {
  let stated: Path | null = null;
  for (const { body } of tree.statements) {
    if (body.kind !== 'module') continue;
    if (stated === null) stated = body.path;
    else {
      report(
        error('check/duplicate-statement', 'a file belongs to one module', body.path.span, {
          notes: [{ message: 'the module is already given here', span: stated.span }],
        }),
      );
    }
  }
  const id = stated === null ? null : pathText(stated);
  const known = modules.get(id);
  if (known !== undefined && stated !== null) {
    report(
      error('check/duplicate-module', `module \`${pathText(stated)}\` is already another file`, stated.span, {
        notes: [{ message: 'the other file states it here', span: known.span }],
        help: 'a module is one file: give this one a name of its own, such as a longer path',
      }),
    );
  }
  if (known !== undefined) return known;
  const module: Module = {
    id,
    span: stated?.span ?? null,
    own: emptyNames(),
    visible: emptyNames(),
    imports: new Map(),
    policies: new Map(),
  };
  modules.set(id, module);
  return module;
}

/** The id of something in a module: `module.name`, or the name where the module has none. */
export function qualify(module: Module, separator: '.' | '/', name: string): string {
  return module.id === null ? name : `${module.id}${separator}${name}`;
}

const WHAT = { group: 'the group', addresses: 'the address set', service: 'the service' } as const;

function declare(
  body: Body<'group'> | Body<'addresses'> | Body<'service'>,
  statement: Statement,
  module: Module,
  report: Report,
): Definition | null {
  const { name } = body;
  const kind = body.kind === 'service' ? 'services' : 'peers';
  refuseReserved(body.kind === 'service' ? 'service' : 'peer', name, report);
  const known = module.own[kind].get(name.text);
  if (known !== undefined) {
    const what = known.kind === body.kind ? WHAT[body.kind] : `the name of ${WHAT[known.kind]}`;
    reportDuplicate(what, name, known.span, report);
    return null;
  }
  const id = qualify(module, '.', name.text);
  const common = { id, span: name.span, home: module.id };
  for (const names of [module.own, module.visible]) {
    if (body.kind === 'service') names.services.set(name.text, { kind: body.kind, ...common });
    else names.peers.set(name.text, { kind: body.kind, ...common });
  }
  return { kind: body.kind, ...common, body, statement, module } as Definition;
}

function declarePolicy(body: Body<'policy'>, module: Module, report: Report): void {
  const known = module.policies.get(body.name.text);
  if (known !== undefined) reportDuplicate('the policy', body.name, known.name.span, report);
  const rules = new Map<string, Body<'policy'>['rules'][number]>();
  for (const rule of body.rules) {
    const first = rules.get(rule.name.text);
    if (first === undefined) rules.set(rule.name.text, rule);
    else reportDuplicate('the rule', rule.name, first.name.span, report);
  }
  const policy: PolicyName = { id: qualify(module, '/', body.name.text), name: body.name, module, rules };
  if (known === undefined) module.policies.set(body.name.text, policy);
}

function checkVersion(body: Body<'language'>, report: Report): void {
  if (body.version.value === LANGUAGE_VERSION) return;
  report(
    error('check/language-version', `language version ${body.version.value} is not known`, body.version.span, {
      help: `this program reads \`language ${LANGUAGE_VERSION}\``,
    }),
  );
}
