// A place in a dump: a value, and the way to it, so that everything said about the value has its line and column.
// Reads fields by the type they should have. Absent and null are one and the same; another type is an error and reads
// as absent, so that no reader needs a case for it.
import { quote } from '../../../net/address.ts';
import type { Span } from '../../../text/source.ts';
import type { Document, Path } from '../../document.ts';
import type { Problems } from './problems.ts';

export interface Node {
  readonly document: Document;
  readonly parent: Node | null;
  /** The key or index under which it is in its parent; null for the whole document. */
  readonly key: string | number | null;
  readonly value: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** An object of the dump. */
export interface RecordNode extends Node {
  readonly value: Fields;
}

/** A text of the dump. */
export interface TextNode extends Node {
  readonly value: string;
}

export function rootOf(document: Document): Node {
  return { document, parent: null, key: null, value: document.value };
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordNode(node: Node): node is RecordNode {
  return isRecord(node.value);
}

function isTextNode(node: Node): node is TextNode {
  return typeof node.value === 'string';
}

/** What is under the key, `undefined` for nothing; keys that every object has by its prototype are not there. */
export function fieldOf(node: RecordNode, key: string): Node {
  return {
    document: node.document,
    parent: node,
    key,
    value: Object.hasOwn(node.value, key) ? node.value[key] : undefined,
  };
}

function pathOf(node: Node): Path {
  const path: (string | number)[] = [];
  for (let at: Node | null = node; at !== null && at.key !== null; at = at.parent) path.push(at.key);
  return path.reverse();
}

export function spanOf(node: Node): Span {
  return node.document.spanOf(pathOf(node));
}

/** Where the key of a field is written. */
export function keySpanOf(node: Node): Span {
  return node.document.keySpanOf(pathOf(node));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function wrongType(problems: Problems, node: Node, expected: string): null {
  const name = typeof node.key === 'string' ? quote(node.key) : 'an item of this list';
  problems.report('error', 'nsx/wrong-type', `${name} is ${describe(node.value)}, not ${expected}`, spanOf(node));
  return null;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** The text under the key, or null where there is none; numbers are not texts. */
export function textAt(problems: Problems, node: RecordNode, key: string): string | null {
  return textNodeAt(problems, node, key)?.value ?? null;
}

export function textNodeAt(problems: Problems, node: RecordNode, key: string): TextNode | null {
  const field = fieldOf(node, key);
  if (isAbsent(field.value)) return null;
  return isTextNode(field) ? field : wrongType(problems, field, 'a text');
}

/** True only where the field says so. */
export function flagAt(problems: Problems, node: RecordNode, key: string): boolean {
  return optionalFlagAt(problems, node, key) ?? false;
}

export function optionalFlagAt(problems: Problems, node: RecordNode, key: string): boolean | null {
  const field = fieldOf(node, key);
  if (isAbsent(field.value)) return null;
  return typeof field.value === 'boolean' ? field.value : wrongType(problems, field, 'true or false');
}

export function numberAt(problems: Problems, node: RecordNode, key: string): number | null {
  const field = fieldOf(node, key);
  if (isAbsent(field.value)) return null;
  return typeof field.value === 'number' ? field.value : wrongType(problems, field, 'a number');
}

export function recordAt(problems: Problems, node: RecordNode, key: string): RecordNode | null {
  const field = fieldOf(node, key);
  if (isAbsent(field.value)) return null;
  return isRecordNode(field) ? field : wrongType(problems, field, 'an object');
}

/** The items of the list under the key; null where there is no list. */
export function listAt(problems: Problems, node: RecordNode, key: string): readonly Node[] | null {
  const field = fieldOf(node, key);
  if (isAbsent(field.value)) return null;
  if (!Array.isArray(field.value)) return wrongType(problems, field, 'a list');
  return itemsOf(field);
}

/** The items of a node whose value is a list. */
export function itemsOf(node: Node): readonly Node[] {
  return (node.value as readonly unknown[]).map((value, key) => ({
    document: node.document,
    parent: node,
    key,
    value,
  }));
}

/** The objects of the list under the key; none where there is no list. */
export function recordsAt(problems: Problems, node: RecordNode, key: string): readonly RecordNode[] {
  return (listAt(problems, node, key) ?? []).flatMap((item) => asRecord(problems, item) ?? []);
}

export function asRecord(problems: Problems, node: Node): RecordNode | null {
  return isRecordNode(node) ? node : wrongType(problems, node, 'an object');
}

/** The texts of the list under the key; null where there is no list. */
export function textsAt(problems: Problems, node: RecordNode, key: string): readonly TextNode[] | null {
  return listAt(problems, node, key)?.flatMap((item) => asText(problems, item) ?? []) ?? null;
}

function asText(problems: Problems, node: Node): TextNode | null {
  return isTextNode(node) ? node : wrongType(problems, node, 'a text');
}

/** Whether there is nothing in a value: absent, null, an empty text, list or object. */
export function isEmptyValue(value: unknown): boolean {
  if (isAbsent(value) || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}
