// Reads the properties of a block of the world: each kind of block has its words, most of them once, each with the
// values that it needs. What is misspelt, given twice or of the wrong kind is reported; the reader is then as if the
// property were not there.

import type { Suggest } from '../../base/bounded-suggest.ts';
import { didYouMean, listNames } from '../../base/bounded-suggest.ts';
import type { PartSpanTable } from '../../model/part-spans.ts';
import type { Labels } from '../../model/workload.ts';
import { type Address, parseAddress } from '../../net/address.ts';
import type { AddressText, LabelPair, Property } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Report } from '../names/scope.ts';

/** What binding the world needs to say what is wrong, and where things were written. */
export interface WorldContext {
  readonly report: Report;
  readonly suggest: Suggest;
  readonly spans: PartSpanTable;
}

/** The words of one kind of block: `once`, or `many` where several lines add up. */
export type PropertyWords = Readonly<Record<string, 'once' | 'many'>>;

type Value = Property['values'][number];

/** The properties of one block, by word. */
export interface Properties {
  /** Every line of the word. */
  all(word: string): readonly Property[];
  /** The one line of the word, or null. */
  one(word: string): Property | null;
}

const NO_LINES: readonly Property[] = [];
const FEW = 16;

/** Finds the first line of a word. Blocks are short, so that a table pays only for those that are not. */
function findFirst(lines: readonly Property[]): (word: string) => Property | null {
  if (lines.length <= FEW) return (word) => lines.find((line) => line.name.text === word) ?? null;
  const first = new Map<string, Property>();
  for (const line of lines) if (!first.has(line.name.text)) first.set(line.name.text, line);
  return (word) => first.get(word) ?? null;
}

/** Judges the words of a block; `what` names the block in messages. A second line of a word of one line is ignored. */
export function readProperties(
  lines: readonly Property[],
  words: PropertyWords,
  what: string,
  context: WorldContext,
): Properties {
  const one = findFirst(lines);
  for (const line of lines) {
    const word = line.name.text;
    const rule = Object.hasOwn(words, word) ? words[word] : undefined;
    if (rule === undefined) reportUnknown(line, words, what, context);
    if (rule !== 'once') continue;
    const first = one(word);
    if (first === null || first === line) continue;
    context.report(
      error('world/duplicate-property', `\`${word}\` is given twice`, line.name.span, {
        notes: [{ message: 'first given here', span: first.name.span }],
      }),
    );
  }
  return {
    one,
    all: (word) => (one(word) === null ? NO_LINES : lines.filter((line) => line.name.text === word)),
  };
}

function reportUnknown(line: Property, words: PropertyWords, what: string, { report, suggest }: WorldContext): void {
  const names = Object.keys(words);
  report(
    error('world/unknown-property', `${what} has no property \`${line.name.text}\``, line.name.span, {
      help:
        didYouMean(suggest(line.name.text, names)) ??
        (names.length === 0 ? `${what} has no properties` : `its properties are ${listNames(names)}`),
    }),
  );
}

/** Reports values that are not what the property needs; returns null for convenience. */
export function refuseProperty(line: Property, needs: string, context: WorldContext, span: Span = line.span): null {
  context.report(error('world/invalid-property', `\`${line.name.text}\` needs ${needs}`, span));
  return null;
}

/** The text of a value, whatever was recognised in it. */
export function valueText(value: Value): string {
  switch (value.kind) {
    case 'path':
      return value.parts.map((part) => part.text).join('.');
    case 'number':
      return String(value.value);
    default:
      return value.text;
  }
}

/** The one word of a property such as `region "us-west-2"`; null if it is absent or was reported. */
export function readText(line: Property | null, context: WorldContext): string | null {
  if (line === null) return null;
  const [value, more] = line.values;
  if (value === undefined || more !== undefined || line.labels.length > 0) {
    return refuseProperty(line, 'one name', context);
  }
  return valueText(value);
}

/** All words of the lines. */
export function readTexts(lines: readonly Property[], context: WorldContext): readonly string[] {
  return lines.flatMap((line) => {
    if (line.values.length === 0 || line.labels.length > 0) refuseProperty(line, 'at least one name', context);
    return line.values.map(valueText);
  });
}

/** One word out of a closed list. */
export function readChoice<T extends string>(
  written: { readonly text: string; readonly span: Span },
  choices: readonly T[],
  what: string,
  context: WorldContext,
): T | null {
  const found = choices.find((choice) => choice === written.text);
  if (found !== undefined) return found;
  const near = context.suggest(written.text, choices);
  context.report(
    error('world/invalid-property', `\`${written.text}\` is not ${what}`, written.span, {
      help: didYouMean(near) ?? `write one of ${listNames(choices)}`,
    }),
  );
  return null;
}

/** A whole number of a range. */
export function readNumber(line: Property | null, least: number, most: number, context: WorldContext): number | null {
  if (line === null) return null;
  const [value, more] = line.values;
  if (value?.kind === 'number' && more === undefined && value.value >= least && value.value <= most) return value.value;
  return refuseProperty(line, `a number from ${least} to ${most}`, context);
}

/** The addresses of all lines. */
export function readAddresses(lines: readonly Property[], context: WorldContext): readonly Address[] {
  return lines.flatMap((line) => {
    if (line.values.length === 0) refuseProperty(line, 'an address', context);
    return line.values.flatMap((value) => {
      if (value.kind !== 'address') return refuseProperty(line, 'addresses', context, value.span) ?? [];
      return readAddress(value, context) ?? [];
    });
  });
}

/** One address without a prefix length; null after a report. */
export function readAddress(written: AddressText, { report }: WorldContext): Address | null {
  const slash = written.text.indexOf('/');
  const parsed = parseAddress(slash < 0 ? written.text : written.text.slice(0, slash));
  if ('problem' in parsed) {
    report(error('check/invalid-address', parsed.problem, written.span, { help: parsed.help ?? null }));
    return null;
  }
  if (slash < 0) return parsed;
  report(
    error('check/invalid-address', `\`${written.text}\` is a network; one address is needed here`, written.span, {
      help: `write \`${written.text.slice(0, slash)}\`; the length of the prefix is the segment's`,
    }),
  );
  return null;
}

/** The labels of pairs; a key may stand several times. */
export function readLabels(pairs: readonly LabelPair[]): Labels {
  const labels = new Map<string, string[]>();
  for (const { key, value } of pairs) {
    const values = labels.get(key.text);
    if (values === undefined) labels.set(key.text, [value.text]);
    else if (!values.includes(value.text)) values.push(value.text);
  }
  return labels;
}

/** All `labels` of a block. */
export function labelPairs(properties: Properties): readonly LabelPair[] {
  const lines = properties.all('labels');
  return lines.length === 1 ? (lines[0]?.labels ?? []) : lines.flatMap((line) => line.labels);
}
