// Looks up what a written name means where it stands: groups and address sets, services, policies and rules, things of
// the world. A name that means nothing, or several things, is reported with the nearest name or all of them.

import { didYouMean } from '../../base/bounded-suggest.ts';
import type { Name, Path } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { pathText } from './collect.ts';
import type { Module, NamedPeer, NamedService, Names, PolicyName, Scope } from './scope.ts';

/** `common.places.corp` → the module and the last part; null where no such module is imported. */
function moduleOfPath(path: Path, scope: Scope): Module | null {
  if (path.parts.length === 1) return null;
  const id = path.parts
    .slice(0, -1)
    .map((part) => part.text)
    .join('.');
  return id === scope.module.id ? scope.module : (scope.module.imports.get(id) ?? null);
}

function find<Kind extends keyof Names>(path: Path, kind: Kind, scope: Scope): ReturnType<Names[Kind]['get']> {
  const name = path.parts.at(-1)?.text ?? '';
  const names = path.parts.length === 1 ? scope.module.visible : moduleOfPath(path, scope)?.own;
  return names?.[kind].get(name) as ReturnType<Names[Kind]['get']>;
}

/** The group or address set of the name, or undefined; nothing is reported. */
export function findPeer(path: Path, scope: Scope): NamedPeer | undefined {
  return find(path, 'peers', scope);
}

/** The service of the name, or undefined; nothing is reported. */
export function findService(path: Path, scope: Scope): NamedService | undefined {
  return find(path, 'services', scope);
}

/** Help for a name that is not visible: where it is declared, or the nearest name that is visible. */
export function helpForUnknown(
  path: Path,
  kind: keyof Names,
  more: readonly Iterable<string>[],
  scope: Scope,
): string | null {
  const name = path.parts.at(-1)?.text ?? '';
  const qualifier = path.parts.length > 1 ? pathText(path).slice(0, -name.length - 1) : null;
  const { modules } = scope.root;
  if (qualifier !== null && !scope.module.imports.has(qualifier) && qualifier !== scope.module.id) {
    if (modules.has(qualifier)) return `import it first: \`import ${qualifier} { ${name} }\``;
    const near = scope.root.suggest(
      qualifier,
      [...modules.keys()].filter((id) => id !== null),
    );
    return near === null ? null : `there is no module \`${qualifier}\`; did you mean \`${near}\`?`;
  }
  if (qualifier !== null)
    return didYouMean(scope.root.suggest(name, moduleOfPath(path, scope)?.own[kind].keys() ?? []));
  const owner = [...modules.values()].find((module) => module.id !== null && module.own[kind].has(name));
  if (owner !== undefined) return `it is declared in another module: \`import ${owner.id} { ${name} }\``;
  return didYouMean(scope.root.suggest(name, scope.module.visible[kind].keys(), ...more));
}

/** The address set of the name, or null after a report. */
export function resolveAddressSet(path: Path, scope: Scope): NamedPeer | null {
  const found = findPeer(path, scope);
  if (found?.kind === 'addresses') return found;
  scope.report(
    found === undefined
      ? error('check/unknown-address-set', `there is no address set \`${pathText(path)}\``, path.span, {
          help: helpForUnknown(path, 'peers', [], scope),
        })
      : error('check/wrong-kind', `\`${pathText(path)}\` is a group; an address set is needed here`, path.span, {
          notes: [{ message: 'declared here', span: found.span }],
          help: `declare the addresses themselves: \`addresses NAME = …\``,
        }),
  );
  return null;
}

/** The service of the name, or null after a report. */
export function resolveService(path: Path, scope: Scope): NamedService | null {
  const found = findService(path, scope);
  if (found !== undefined) return found;
  scope.report(
    error('check/unknown-service', `there is no service \`${pathText(path)}\``, path.span, {
      help:
        helpForUnknown(path, 'services', [], scope) ??
        'write the port, such as `tcp/8443`, or declare it: `service NAME = tcp/8443`',
    }),
  );
  return null;
}

function policiesOf(path: Path, scope: Scope, parts: readonly Name[]): readonly PolicyName[] {
  const { modules } = scope.root;
  const written = path.module ?? parts.slice(0, -1);
  const name = parts.at(-1)?.text ?? '';
  if (written.length > 0) {
    const found = modules.get(written.map((part) => part.text).join('.'))?.policies.get(name);
    return found === undefined ? [] : [found];
  }
  const own = scope.module.policies.get(name);
  if (own !== undefined) return [own];
  return [...modules.values()].flatMap((module) => module.policies.get(name) ?? []);
}

function allPolicies(scope: Scope): readonly PolicyName[] {
  return [...scope.root.modules.values()].flatMap((module) => [...module.policies.values()]);
}

/** A policy by `policy`, `module.policy` or `module/policy`; the own module first. Null after a report. */
export function resolvePolicy(path: Path, scope: Scope): PolicyName | null {
  const found = policiesOf(path, scope, path.parts);
  if (found.length === 1) return found[0] ?? null;
  if (found.length > 1)
    reportAmbiguous(
      path,
      'policy',
      found.map((policy) => policy.id),
      scope,
    );
  else {
    const near = scope.root.suggest(writtenPath(path), () =>
      allPolicies(scope).flatMap((policy) => [policy.name.text, policy.id]),
    );
    scope.report(
      error('check/unknown-policy', `there is no policy \`${writtenPath(path)}\``, path.span, {
        help: didYouMean(near),
      }),
    );
  }
  return null;
}

/**
 * The id of a rule by `rule`, `policy.rule` or `module/policy.rule`: in the own module first, then anywhere, then among
 * the layers beside the root. Null after a report.
 */
export function resolveRule(path: Path, scope: Scope): string | null {
  const name = path.parts.at(-1)?.text ?? '';
  const candidates = rulesNamed(path, name, scope);
  if (candidates.length === 1) return candidates[0] ?? null;
  const written = writtenPath(path);
  if (candidates.length > 1) reportAmbiguous(path, 'rule', candidates, scope);
  else if (scope.root.otherRules.has(written)) return written;
  else {
    const near = scope.root.suggest(written, () => ruleNames(path, scope));
    scope.report(error('check/unknown-rule', `there is no rule \`${written}\``, path.span, { help: didYouMean(near) }));
  }
  return null;
}

function rulesNamed(path: Path, name: string, scope: Scope): readonly string[] {
  if (path.parts.length > 1) {
    return policiesOf(path, scope, path.parts.slice(0, -1)).flatMap((policy) => {
      const id = `${policy.id}.${name}`;
      return policy.rules.has(name) || scope.addedRules.has(id) ? [id] : [];
    });
  }
  const everywhere = [
    ...(scope.root.rules.get(name) ?? []),
    ...[...scope.addedRules].filter((id) => id.endsWith(`.${name}`)),
  ];
  const own = everywhere.filter(
    (id) => scope.module.policies.get(policyName(id, name, scope))?.id === id.slice(0, -name.length - 1),
  );
  return own.length > 0 ? own : everywhere;
}

/** The name of the policy in the id of a rule of the own module. */
function policyName(rule: string, name: string, { module }: Scope): string {
  const policy = rule.slice(0, -name.length - 1);
  return module.id === null ? policy : policy.slice(module.id.length + 1);
}

/** What the author may have meant: rules written as shortly as the path is. */
function ruleNames(path: Path, scope: Scope): readonly string[] {
  return allPolicies(scope).flatMap((policy) =>
    [...policy.rules.keys()].map((rule) => {
      if (path.module !== undefined) return `${policy.id}.${rule}`;
      return path.parts.length === 1 ? rule : `${policy.name.text}.${rule}`;
    }),
  );
}

/** As written, with the slash where there was one. */
export function writtenPath(path: Path): string {
  const module = path.module?.map((part) => part.text).join('.');
  return module === undefined ? pathText(path) : `${module}/${pathText(path)}`;
}

function reportAmbiguous(path: Path, what: string, ids: readonly string[], scope: Scope): void {
  scope.report(
    error('check/ambiguous-name', `several have the name of the ${what} \`${writtenPath(path)}\``, path.span, {
      help: `write one of ${ids.map((id) => `\`${id}\``).join(', ')}`,
    }),
  );
}

/** Whether a thing of the world exists; reported if things of its kind are known and it is not among them. */
export function checkInWorld(
  what: 'workload' | 'segment' | 'site' | 'host' | 'router',
  name: Name,
  known: Known,
  scope: Scope,
): boolean {
  // Without any inventory at hand, whether the name exists is for those who have one.
  if (known.size === 0 || known.has(name.text)) return true;
  scope.report(
    error('check/unknown-in-world', `there is no ${what} \`${name.text}\``, name.span, {
      help: didYouMean(scope.root.suggest(name.text, known.keys())),
    }),
  );
  return false;
}

interface Known {
  readonly size: number;
  has(id: string): boolean;
  keys(): Iterable<string>;
}
