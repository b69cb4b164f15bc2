// A value in a document together with the way to it, so that whatever reads it can say where it stands.
// Reading a field of the wrong kind is reported and gives nothing; a field that is absent or null gives nothing silently.
import { nearest } from '../../../base/suggest.ts';
import { quote } from '../../../net/address.ts';
import { type Diagnostic, error, warning } from '../../../text/diagnostic.ts';
import type { Span } from '../../../text/source.ts';
import type { Document, Path } from '../../document.ts';

export type Report = (diagnostic: Diagnostic) => void;

export interface Cursor {
  readonly document: Document;
  readonly parent: Cursor | null;
  readonly key: string | number;
  /** undefined where nothing is written. */
  readonly value: unknown;
}

export function rootOf(document: Document): Cursor {
  return { document, parent: null, key: '', value: document.value };
}

/** The value under keys, one after the other; its value is undefined where a key is not there. */
export function at(cursor: Cursor, ...keys: readonly (string | number)[]): Cursor {
  let found = cursor;
  for (const key of keys) {
    const { value } = found;
    const next =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    found = { document: found.document, parent: found, key, value: next };
  }
  return found;
}

export function pathOf(cursor: Cursor): Path {
  const path: (string | number)[] = [];
  for (let step = cursor; step.parent !== null; step = step.parent) path.push(step.key);
  return path.reverse();
}

/** Where the value is, or what is around it if it is not there. */
export function spanOf(cursor: Cursor): Span {
  return cursor.document.spanOf(pathOf(cursor));
}

export function keySpanOf(cursor: Cursor): Span {
  return cursor.document.keySpanOf(pathOf(cursor));
}

/** Whether something is written there; null counts as nothing. */
export function isGiven(cursor: Cursor): boolean {
  return cursor.value !== undefined && cursor.value !== null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or null if there is none. */
export function textOf(cursor: Cursor, report: Report): string | null {
  if (!isGiven(cursor)) return null;
  if (typeof cursor.value === 'string') return cursor.value;
  wrongKind(cursor, 'text', report);
  return null;
}

export function numberOf(cursor: Cursor, report: Report): number | null {
  if (!isGiven(cursor)) return null;
  if (typeof cursor.value === 'number') return cursor.value;
  wrongKind(cursor, 'a number', report);
  return null;
}

/** The items of a list; none if there is no list. */
export function itemsOf(cursor: Cursor, report: Report): readonly Cursor[] {
  if (!isGiven(cursor)) return [];
  if (Array.isArray(cursor.value)) return cursor.value.map((_, index) => at(cursor, index));
  wrongKind(cursor, 'a list', report);
  return [];
}

/** The fields of a mapping; none if there is no mapping. */
export function fieldsOf(cursor: Cursor, report: Report): readonly Cursor[] {
  if (!isGiven(cursor)) return [];
  if (isRecord(cursor.value)) return Object.keys(cursor.value).map((key) => at(cursor, key));
  wrongKind(cursor, 'a mapping', report);
  return [];
}

/** Whether the value is a mapping; if it is anything else, absent included, that is reported. */
export function requireRecord(cursor: Cursor, report: Report): boolean {
  if (isRecord(cursor.value)) return true;
  if (isGiven(cursor)) wrongKind(cursor, 'a mapping', report);
  else report(error('kubernetes/missing-field', `\`${describePath(cursor)}\` is missing or empty`, spanOf(cursor)));
  return false;
}

/**
 * Whether every field of the mapping is one of `known`. One that is not is reported: nearly a known name is a slip that
 * the API refuses too; anything else may belong to a version that is newer than this reader.
 */
export function hasOnlyFields(cursor: Cursor, known: readonly string[], report: Report): boolean {
  if (!isRecord(cursor.value)) return true;
  let all = true;
  for (const key of Object.keys(cursor.value)) {
    if (known.includes(key)) continue;
    all = false;
    const field = at(cursor, key);
    const meant = nearest(
      key,
      known.filter((name) => !Object.hasOwn(cursor.value as object, name)),
    );
    if (meant !== null) {
      report(
        error('kubernetes/misspelt-field', `there is no field ${quote(key)} here`, keySpanOf(field), {
          help: `is \`${meant}\` meant?`,
        }),
      );
    } else {
      report(
        warning('kubernetes/unknown-field', `the field ${quote(key)} is not known here`, keySpanOf(field), {
          help: `known are: ${known.map((name) => `\`${name}\``).join(', ')}`,
        }),
      );
    }
  }
  return all;
}

export function wrongKind(cursor: Cursor, expected: string, report: Report): void {
  report(
    error(
      'kubernetes/invalid-value',
      `\`${describePath(cursor)}\` must be ${expected}, and is ${kindOf(cursor.value)}`,
      spanOf(cursor),
      typeof cursor.value === 'object'
        ? {}
        : { help: expected === 'text' ? `quote it: "${String(cursor.value)}"` : null },
    ),
  );
}

/** The last keys of the way to a value, as people write them: `spec.ingress[0].from`. */
export function describePath(cursor: Cursor): string {
  return pathOf(cursor)
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '')
    .replace(/^(?:items)?\[[0-9]+\]\./, '');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return `the text ${quote(value)}`;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return `the truth value ${value}`;
    case 'undefined':
      return 'not given';
    default:
      return 'a mapping';
  }
}
