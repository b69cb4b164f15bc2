// Codes of the configuration, bulkhead.yaml.
// One line a code, sorted; each has a page docs/codes/config-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const configCodes = {
  'config/invalid-value': { severity: 'error', summary: 'a setting has a value that it does not take' },
  'config/not-supported-yet': { severity: 'note', summary: 'a setting is understood and has no effect yet' },
  'config/unknown-key': { severity: 'error', summary: 'there is no such setting' },
  'config/version': { severity: 'error', summary: 'the configuration does not say a version that can be read' },
} as const satisfies CodesOf<'config'>;
