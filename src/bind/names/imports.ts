// Gives each module the names that it imports: unknown modules and names, names that are taken, and modules that
// import each other in a circle are reported.

import { didYouMean, type Suggest } from '../../base/bounded-suggest.ts';
import { orderByDependency } from '../../base/dependency-order.ts';
import type { Name } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { pathText, reportDuplicate } from './collect.ts';
import type { Module, Placed, Report } from './scope.ts';

/** Fills `imports` and `visible` of the modules. */
export function bindImports(
  modules: ReadonlyMap<string | null, Module>,
  statements: readonly Placed<'import'>[],
  suggest: Suggest,
  report: Report,
): void {
  const taken = new Map<Module, Map<string, Name>>();
  for (const statement of statements) {
    const { path, names } = statement.body;
    const target = modules.get(pathText(path));
    if (target === undefined) {
      const ids = [...modules.keys()].filter((id) => id !== null);
      report(
        error('check/unknown-module', `there is no module \`${pathText(path)}\``, path.span, {
          help:
            didYouMean(suggest(pathText(path), ids)) ??
            (ids.length === 0 ? 'a file becomes a module by a `module NAME` statement' : null),
        }),
      );
      continue;
    }
    statement.module.imports.set(pathText(path), target);
    const own = taken.get(statement.module) ?? new Map<string, Name>();
    taken.set(statement.module, own);
    for (const name of names) importName(name, statement.module, target, own, suggest, report);
  }
  reportCycles(modules, statements, report);
}

function importName(
  name: Name,
  into: Module,
  from: Module,
  taken: Map<string, Name>,
  suggest: Suggest,
  report: Report,
): void {
  const peer = from.own.peers.get(name.text);
  const service = from.own.services.get(name.text);
  if (peer === undefined && service === undefined) {
    const near = suggest(name.text, from.own.peers.keys(), from.own.services.keys());
    const origin = from.visible.peers.get(name.text) ?? from.visible.services.get(name.text);
    report(
      error('check/unknown-import', `module \`${from.id}\` declares no \`${name.text}\``, name.span, {
        help:
          origin === undefined
            ? didYouMean(near)
            : `it imports the name itself: import it from \`${origin.home}\` instead`,
      }),
    );
    return;
  }
  const knownPeer = peer === undefined ? undefined : into.visible.peers.get(name.text);
  const knownService = service === undefined ? undefined : into.visible.services.get(name.text);
  const known = knownPeer ?? knownService;
  const first = taken.get(name.text);
  if (first !== undefined) reportDuplicate('the import', name, first.span, report);
  // What a module imports from itself is there already; the circle is reported.
  else if (known !== undefined && into !== from) reportDuplicate('the name', name, known.span, report);
  if (first === undefined) taken.set(name.text, name);
  if (peer !== undefined && knownPeer === undefined) into.visible.peers.set(name.text, peer);
  if (service !== undefined && knownService === undefined) into.visible.services.set(name.text, service);
}

function reportCycles(
  modules: ReadonlyMap<string | null, Module>,
  statements: readonly Placed<'import'>[],
  report: Report,
): void {
  const { cycles } = orderByDependency(modules.values(), (module) => module.imports.values());
  for (const { path: cycle } of cycles) {
    const [first, second = first] = cycle;
    const place = statements.find((s) => s.module === first && modules.get(pathText(s.body.path)) === second);
    const message =
      cycle.length === 1
        ? `module \`${first?.id}\` imports itself`
        : `modules import each other: ${describeCycle(cycle.map((module) => module.id ?? ''))}`;
    report(
      error('check/import-cycle', message, place?.body.path.span ?? null, {
        help:
          cycle.length === 1
            ? 'its own names need no import'
            : 'move what both need into a module that imports neither',
      }),
    );
  }
}

const LONGEST_CYCLE = 8;

/** `a → b → a`, cut in the middle when it is long. */
export function describeCycle(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const shown =
    quoted.length <= LONGEST_CYCLE
      ? quoted
      : [...quoted.slice(0, LONGEST_CYCLE - 1), `${quoted.length - LONGEST_CYCLE} more`, ...quoted.slice(-1)];
  return [...shown, quoted[0]].join(' → ');
}
