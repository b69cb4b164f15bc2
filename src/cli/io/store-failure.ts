// What the store could not do, as a diagnostic with its remedy.
import type { StoreFailure, StoreFailureReason } from '../../store/store.ts';
import type { Code } from '../../text/codes.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';

const CODES: Readonly<Record<StoreFailureReason, Code>> = {
  busy: 'store/busy',
  corrupt: 'store/corrupt',
  exists: 'store/exists',
  foreign: 'store/foreign',
  full: 'store/full',
  lost: 'store/lost',
  'not-installed': 'store/not-installed',
  'too-new': 'store/too-new',
};

export function storeDiagnostic({ reason, message, remedy }: StoreFailure): Diagnostic {
  return error(CODES[reason], message, null, { help: remedy });
}
