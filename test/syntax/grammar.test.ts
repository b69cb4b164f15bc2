// The grammar and the list of words say the same, and every lexical rule has a name for messages.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  contextualWords,
  isContinuation,
  isReserved,
  isWordOperator,
  optionWords,
  propertyOnlyWords,
  propertyWords,
  reservedWords,
  statementWords,
  wordUnits,
} from '../../src/syntax/lexical/words.ts';

const grammar = readFileSync(new URL('../../grammar/policy.peggy', import.meta.url), 'utf8');
const [rules = '', rest = ''] = grammar.split('// ---- lexical rules');
const [lexical = '', words = ''] = rest.split('// ---- the words of the language');

it('lists the words of the language with their units', () => {
  const listed = [...words.matchAll(/^([A-Z0-9_]+) "`([a-z0-9-]+)`" = "\\u([0-9A-F]{4})" \{ return '([^']+)'; \}$/gm)];
  expect(listed.length).toBe(words.split('\n').filter((line) => /^[A-Z]/.test(line)).length);
  for (const [, rule, shown = '', unit = '', value] of listed) {
    expect(rule).toBe(shown.toUpperCase().replaceAll('-', '_'));
    expect(value).toBe(shown);
    expect(wordUnits.get(shown)).toBe(String.fromCharCode(Number.parseInt(unit, 16)));
  }
  expect(listed.map(([, , shown]) => shown)).toEqual([...reservedWords, ...contextualWords]);
});

it('names every lexical rule, and of the others only the name that is referred to', () => {
  const named = (text: string): (string | undefined)[] => [...text.matchAll(/^(\w+) "/gm)].map(([, rule]) => rule);
  const all = (text: string): (string | undefined)[] =>
    [...text.matchAll(/^([A-Z]\w*)(?: "[^"]*")?(?: =|\n {2}=)/gm)].map(([, rule]) => rule);
  const unnamed = all(lexical).filter((rule) => !named(lexical).includes(rule));
  expect(unnamed).toEqual(['PropertyWord', 'TightName']);
  expect(named(rules)).toEqual(['ReferencePath']);
});

it('has a unit of its own for each word', () => {
  const meaningful = [...reservedWords, ...contextualWords];
  expect(new Set(meaningful).size).toBe(meaningful.length);
  expect(new Set(meaningful.map((word) => wordUnits.get(word))).size).toBe(meaningful.length);
  for (const word of propertyOnlyWords) expect(wordUnits.get(word)).toBe('p');
  for (const word of [...propertyWords, ...statementWords, ...optionWords]) expect(wordUnits.has(word)).toBe(true);
});

it('knows what the words are for', () => {
  expect(isReserved('hosts')).toBe(true);
  expect(isReserved('tier0')).toBe(false);
  expect(isContinuation('log')).toBe(true);
  expect(isContinuation('allow')).toBe(false);
  expect(isWordOperator('except')).toBe(true);
  expect(isWordOperator('on')).toBe(false);
});
