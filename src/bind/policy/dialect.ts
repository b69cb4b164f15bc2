// Turns the `dialect` statement into the record of choices that travels with the layer (semantics §10): one of the known
// dialects, with whatever the statement sets otherwise.

import { didYouMean, listNames, type Suggest } from '../../base/bounded-suggest.ts';
import { bulkheadDialect, type Dialect } from '../../model/dialect.ts';
import { dialects } from '../../model/dialects.ts';
import type { Name, ServiceNode } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import { reportDuplicate } from '../names/collect.ts';
import type { Placed, Report, Scope } from '../names/scope.ts';
import { bindService } from '../terms/services.ts';
import { onlyStatement } from './tiers.ts';

/** Each setting that is a choice of words: the field of the record, and the value that each word stands for. */
export const CHOICES = {
  ties: { field: 'ties', words: same('by-name', 'deny-wins', 'undefined', 'error') },
  selection: { field: 'selection', words: same('per-direction', 'any-direction') },
  peers: { field: 'peers', words: same('identity', 'realised-address') },
  'address-peers-match-workloads': { field: 'addressPeersMatchWorkloads', words: { yes: true, no: false } },
  'resident-host-exempt': { field: 'residentHostExempt', words: { yes: true, no: false } },
  'fqdn-wildcard': { field: 'fqdnWildcard', words: same('one', 'many', 'apex') },
  'label-case': { field: 'labelCase', words: same('sensitive', 'insensitive') },
  established: { field: 'established', words: same('survive', 'rechecked') },
} as const satisfies Readonly<
  Record<string, { readonly field: keyof Dialect; readonly words: Readonly<Record<string, string | boolean>> }>
>;

const SETTINGS = [...Object.keys(CHOICES), 'defines'];

function same<const T extends string>(...words: readonly T[]): Readonly<Record<T, T>> {
  return Object.fromEntries(words.map((word) => [word, word])) as Record<T, T>;
}

/** The dialect of a root: `bulkhead` unless it states another. `defines` is bound by bindDefines, once names are known. */
export function bindDialect(statements: readonly Placed<'dialect'>[], suggest: Suggest, report: Report): Dialect {
  const statement = onlyStatement(statements, 'dialect', report);
  if (statement === null) return bulkheadDialect;
  const { name, settings } = statement.body;
  const base = dialects.get(name.text);
  if (base === undefined) {
    report(
      error('check/unknown-dialect', `there is no dialect \`${name.text}\``, name.span, {
        help: didYouMean(suggest(name.text, dialects.keys())) ?? `there are ${listNames(dialects.keys())}`,
      }),
    );
  }
  const chosen: Record<string, string | boolean> = {};
  const seen = new Map<string, Name>();
  for (const { key, value } of settings) {
    const first = seen.get(key.text);
    if (first !== undefined) reportDuplicate('the setting', key, first.span, report);
    else {
      seen.set(key.text, key);
      Object.assign(chosen, bindSetting(key, value, suggest, report));
    }
  }
  return { ...(base ?? bulkheadDialect), ...chosen };
}

function bindSetting(
  key: Name,
  value: Name | ServiceNode,
  suggest: Suggest,
  report: Report,
): Readonly<Record<string, string | boolean>> {
  if (key.text === 'defines') return {};
  const choice = Object.hasOwn(CHOICES, key.text) ? CHOICES[key.text as keyof typeof CHOICES] : undefined;
  if (choice === undefined) {
    report(
      error('check/invalid-setting', `a dialect has no setting \`${key.text}\``, key.span, {
        help: didYouMean(suggest(key.text, SETTINGS)) ?? `the settings are ${listNames(SETTINGS)}`,
      }),
    );
    return {};
  }
  const words: Readonly<Record<string, string | boolean>> = choice.words;
  const word = value.kind === 'name' ? value.text : '';
  const meaning = Object.hasOwn(words, word) ? words[word] : undefined;
  if (meaning !== undefined) return { [choice.field]: meaning };
  report(
    error('check/invalid-setting', `\`${key.text}\` cannot be \`${word}\``, value.span, {
      help: didYouMean(suggest(word, Object.keys(words))) ?? `write one of ${listNames(Object.keys(words))}`,
    }),
  );
  return {};
}

/** The dialect with what its statement says that it `defines`. */
export function bindDefines(
  dialect: Dialect,
  statements: readonly Placed<'dialect'>[],
  scopeOf: (statement: Placed<'dialect'>) => Scope,
): Dialect {
  const [statement] = statements;
  const setting = statement?.body.settings.find(({ key }) => key.text === 'defines');
  if (statement === undefined || setting === undefined || setting.value.kind === 'name') return dialect;
  const scope = scopeOf(statement);
  const { set, named, opaque } = bindService(setting.value, scope);
  if (named.length > 0 || opaque !== null) {
    scope.report(
      error(
        'check/wrong-kind',
        'what a dialect defines is known in full: protocols, ports and ICMP messages',
        setting.value.span,
      ),
    );
  }
  return { ...dialect, defines: set };
}
