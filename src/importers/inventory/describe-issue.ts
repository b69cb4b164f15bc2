// Turns what the schema finds wrong in an inventory into diagnostics with a place and, for a key that does not exist,
// the nearest one that does.

import * as z from 'zod';
import { didYouMean, type Suggest } from '../../base/bounded-suggest.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Document, Path } from '../document.ts';
import { inventorySchema } from './schema.ts';

type Issue = z.core.$ZodIssue;

/** One diagnostic, or one for each key that is not known. */
export function describeIssue(issue: Issue, document: Document, suggest: Suggest): readonly Diagnostic[] {
  const path = issue.path as Path;
  const schema = schemaAt(path);
  if (issue.code === 'unrecognized_keys') {
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    return issue.keys.map((key) =>
      error('world/unknown-property', `there is no key \`${key}\` here`, document.keySpanOf([...path, key]), {
        help: didYouMean(suggest(key, known)) ?? `the keys are ${known.map((name) => `\`${name}\``).join(', ')}`,
      }),
    );
  }
  const last = path.at(-1);
  const isMissing = !hasPath(document.value, path);
  const what = last === undefined ? 'an inventory' : typeof last === 'number' ? 'this' : `\`${last}\``;
  const needed = schema?.description ?? 'another value';
  const message = isMissing ? `${what} is missing: ${needed}` : `${what} must be ${needed}`;
  return [error('world/invalid-inventory', message, document.spanOf(path))];
}

/** The part of the schema that judges the value at the path; null inside a choice. */
function schemaAt(path: Path): z.ZodType | null {
  let schema: z.ZodType | null = inventorySchema;
  for (const step of path) {
    const inner: z.ZodType | null = unwrap(schema);
    if (inner instanceof z.ZodObject) schema = (inner.shape[step] as z.ZodType | undefined) ?? null;
    else if (inner instanceof z.ZodArray) schema = inner.element as z.ZodType;
    else if (inner instanceof z.ZodRecord) schema = inner.valueType as z.ZodType;
    else return schema;
  }
  return unwrap(schema);
}

function unwrap(schema: z.ZodType | null): z.ZodType | null {
  return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
}

function hasPath(value: unknown, path: Path): boolean {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Record<string | number, unknown>)[step];
  }
  return true;
}
