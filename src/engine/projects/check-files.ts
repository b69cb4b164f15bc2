// Judges what a project's policy files say, before anything is bound: only statements that a project may make, in modules
// of its own, in tiers that it was granted, importing what is its own or shared. Whether a module exists that may not be
// imported is never said.

import type { Path, PeerNode, RuleNode, Statement, StatementBody, Tree } from '../../syntax/tree.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { type Grant, type Grants, isPrivateModule, projectOfModule } from './grants.ts';

type Kind = StatementBody['kind'];

/** What only the provider says: who is where, how tiers stand, what labels there are, what all of it is about. */
const PROVIDERS: Partial<Record<Kind, string>> = {
  label: 'labels are declared',
  tiers: 'tiers are declared',
  internal: 'internal addresses are declared',
  dialect: 'the dialect is chosen',
  exclude: 'workloads are excluded',
  governs: 'it is said what the root governs',
  change: 'changes of the whole root are made',
  tunnel: 'tunnels are declared',
  world: 'the world is described',
};

/** Every problem of the files of one project. */
export function checkProjectFiles(trees: readonly Tree[], grant: Grant, grants: Grants): readonly Diagnostic[] {
  return trees.flatMap((tree) => [
    ...checkModule(tree, grant),
    ...tree.statements.flatMap((statement) => [...checkStatement(statement, grant, grants)]),
  ]);
}

function* checkModule(tree: Tree, { project }: Grant): Generator<Diagnostic> {
  const help = `begin the file with \`module projects.${project}\`, or a name below it`;
  const modules = tree.statements.flatMap(({ body }) => (body.kind === 'module' ? [body.path] : []));
  if (modules.length === 0) {
    yield error(
      'project/module',
      'a file of a project is in a module',
      { ...tree.span, end: tree.span.start },
      { help },
    );
  }
  for (const path of modules) {
    const [first, second] = path.parts;
    if (first?.text === 'projects' && second?.text === project) continue;
    yield error('project/module', `module \`${textOf(path)}\` is not below \`projects.${project}\``, path.span, {
      help,
    });
  }
}

function* checkStatement({ body, span }: Statement, grant: Grant, grants: Grants): Generator<Diagnostic> {
  const providers = PROVIDERS[body.kind];
  if (providers !== undefined) yield refuse(`${providers} by the provider only`, firstLine(body, span));
  else if (body.kind === 'import') yield* checkImport(body.path, grant, grants);
  else if (body.kind === 'policy') {
    if (!grant.tiers.includes(body.tier.text)) yield refuseTier(body.tier, grant);
    for (const rule of body.rules) yield* checkPass(rule, grant);
  } else yield* checkChanges(body, grant);
}

/** A rule that a test or a change block adds is a rule of the project's like any other. */
function* checkChanges(body: StatementBody, grant: Grant): Generator<Diagnostic> {
  for (const change of changesIn(body)) if (change.kind === 'add') yield* checkPass(change.rule, grant);
}

function changesIn(body: StatementBody) {
  if (body.kind === 'change-block') return body.changes;
  const items =
    body.kind === 'test' ? body.items : body.kind === 'scenario' ? body.steps.flatMap((step) => step.items) : [];
  const open = [...items];
  const found = [];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (item.kind === 'change-item') found.push(item.change);
    else if (item.kind === 'at-block') open.push(...item.items);
  }
  return found;
}

function* checkPass({ passTo }: RuleNode, grant: Grant): Generator<Diagnostic> {
  if (passTo !== null && !grant.tiers.includes(passTo.text)) yield refuseTier(passTo, grant);
}

function* checkImport(path: Path, { project }: Grant, grants: Grants): Generator<Diagnostic> {
  const module = textOf(path);
  const owner = projectOfModule(module);
  if (owner === project || (owner === null && !isPrivateModule(module, grants))) return;
  yield error('project/import', `module \`${module}\` is not shared with project \`${project}\``, path.span, {
    help: `a project imports its own modules, below \`projects.${project}\`, and those that the provider shares`,
  });
}

function refuseTier(tier: { readonly text: string; readonly span: Span }, { project, tiers }: Grant): Diagnostic {
  const granted = tiers.map((own) => `\`${own}\``).join(', ');
  return error('project/tier', `tier \`${tier.text}\` is not granted to project \`${project}\``, tier.span, {
    help: tiers.length === 0 ? 'no tier is granted to it' : `granted to it: ${granted}`,
  });
}

function refuse(message: string, span: Span): Diagnostic {
  return error('project/statement', message, span, {
    help: 'a project writes policies, groups, address sets, services, tests and promises; its workloads are kept in its inventory',
  });
}

/** The most telling part of a statement, which may be a long block. */
function firstLine(body: StatementBody, span: Span): Span {
  if (body.kind === 'world') return body.node.id.span;
  if (body.kind === 'label') return body.key.span;
  if (body.kind === 'tiers') return body.tiers[0]?.name.span ?? span;
  if (body.kind === 'dialect') return body.name.span;
  return peerOf(body)?.span ?? span;
}

function peerOf(body: StatementBody): PeerNode | null {
  return body.kind === 'exclude' || body.kind === 'governs' ? body.peer : null;
}

function textOf(path: Path): string {
  return path.parts.map((part) => part.text).join('.');
}
