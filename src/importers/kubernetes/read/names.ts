// What Kubernetes accepts as names, label keys, label values and port names.
// After k8s.io/apimachinery/pkg/util/validation (RFC 1035, RFC 1123 and IANA service names).

import type { Labels } from '../../../model/workload.ts';
import { quote } from '../../../net/address.ts';
import { error } from '../../../text/diagnostic.ts';
import { type Cursor, fieldsOf, keySpanOf, type Report, spanOf, wrongKind } from './cursor.ts';

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const QUALIFIED_PART = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A name of an object: a DNS subdomain of at most 253 characters. */
export function isObjectName(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

/** A name of a namespace: a DNS label of at most 63 characters. */
export function isNamespaceName(text: string): boolean {
  return DNS_LABEL.test(text);
}

/** An IANA service name: at most 15 of a-z, 0-9 and single dashes, with a letter. */
export function isPortName(text: string): boolean {
  return PORT_NAME.test(text);
}

/** `name` or `prefix/name`, as label keys are. */
export function isLabelKey(text: string): boolean {
  const [name = '', prefix, ...more] = text.split('/').reverse();
  return more.length === 0 && QUALIFIED_PART.test(name) && (prefix === undefined || isObjectName(prefix));
}

export function isLabelValue(text: string): boolean {
  return text === '' || QUALIFIED_PART.test(text);
}

/**
 * Labels of an object. A label that Kubernetes refuses is reported and kept as written: the object would not exist as
 * it stands, and what is left of it is the best guess for the rest of the check.
 */
export function readLabels(cursor: Cursor, report: Report): Labels {
  const labels = new Map<string, readonly string[]>();
  for (const field of fieldsOf(cursor, report)) {
    const value = readLabelValue(field, report);
    if (value === null) continue;
    checkLabelKey(field, String(field.key), report);
    labels.set(String(field.key), [value]);
  }
  return labels;
}

/** The value of a label or of a `matchLabels` entry; null if there is none. */
export function readLabelValue(cursor: Cursor, report: Report): string | null {
  const { value } = cursor;
  if (typeof value === 'string') {
    if (!isLabelValue(value)) {
      report(
        error('kubernetes/invalid-label', `${quote(value)} cannot be the value of a label`, spanOf(cursor), {
          help: 'a value has at most 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends',
        }),
      );
    }
    return value;
  }
  // Null is the empty text to the API; numbers and truth values are refused by it.
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') {
    report(
      error('kubernetes/invalid-label', `the value of a label must be text, and is ${value}`, spanOf(cursor), {
        help: `quote it: "${String(value)}"`,
      }),
    );
    return String(value);
  }
  wrongKind(cursor, 'text', report);
  return null;
}

export function checkLabelKey(cursor: Cursor, key: string, report: Report): void {
  if (isLabelKey(key)) return;
  report(
    error('kubernetes/invalid-label', `${quote(key)} cannot be the key of a label`, keySpanOf(cursor), {
      help: 'a key is a name of at most 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if need be',
    }),
  );
}
