// Turns lists of addresses, prefixes, ranges and names of address sets into one set.
// Where the sets that are named come from is definitions.ts.

import {
  type AddressSet,
  isEmptyAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAllAddresses,
} from '../../net/address-set.ts';
import type { AddressText, Path } from '../../syntax/tree.ts';
import { error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import { resolveAddressSet } from '../names/resolve.ts';
import type { Body, Scope } from '../names/scope.ts';

/** The union of the list, or null after a report. */
export function bindAddressList(list: readonly (AddressText | Path)[], scope: Scope): AddressSet | null {
  const sets: AddressSet[] = [];
  let complete = true;
  for (const item of list) {
    const set = item.kind === 'path' ? bindAddressName(item, scope) : bindAddressText(item, scope);
    if (set === null) complete = false;
    else sets.push(set);
  }
  return complete ? unionAllAddresses(sets) : null;
}

function bindAddressName(path: Path, scope: Scope): AddressSet | null {
  const found = resolveAddressSet(path, scope);
  return found === null ? null : (scope.root.values.addresses.get(found.id) ?? null);
}

function bindAddressText(written: AddressText, scope: Scope): AddressSet | null {
  const parsed = parseAddresses(written.text);
  if (!('problem' in parsed)) return parsed;
  scope.report(error('check/invalid-address', parsed.problem, written.span, { help: parsed.help ?? null }));
  return null;
}

/** What an `addresses` statement declares, or null after a report. Nothing left over is an error (semantics §11). */
export function bindAddressSet(body: Body<'addresses'>, scope: Scope): AddressSet | null {
  const all = bindAddressList(body.of, scope);
  const except = bindAddressList(body.except, scope);
  if (all === null || except === null) return null;
  const set = subtractAddresses(all, except);
  if (isEmptyAddresses(set)) reportEmpty(`the address set \`${body.name.text}\``, body.name.span, scope);
  return set;
}

/** As bindAddressList, for a place where an empty list is an error; empty after a report. */
export function bindAddresses(list: readonly (AddressText | Path)[], span: Span, scope: Scope): AddressSet {
  const set = bindAddressList(list, scope);
  if (set !== null && isEmptyAddresses(set)) reportEmpty('this list of addresses', span, scope);
  return set ?? NO_ADDRESSES;
}

/** Reports something written so that nothing is in it. */
export function reportEmpty(what: string, span: Span, scope: Scope): void {
  scope.report(
    error('check/empty-set', `${what} is empty`, span, {
      help: 'what is written empty is not a way to say nothing or everything; write `any` for everything',
    }),
  );
}
