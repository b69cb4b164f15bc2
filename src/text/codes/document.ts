// Codes of reading YAML and JSON, before anything in it has a meaning.
// One line a code, sorted; each has a page docs/codes/document-<name>.md. Assembled in ../codes.ts.
import type { CodesOf } from './code-info.ts';

export const documentCodes = {
  'document/aliases': { severity: 'error', summary: 'YAML aliases repeat more than a document may hold' },
  'document/duplicate-key': { severity: 'error', summary: 'a key is given twice in one mapping' },
  'document/invalid-json': { severity: 'error', summary: 'a text that starts as JSON is not valid JSON' },
  'document/invalid-yaml': { severity: 'error', summary: 'a text is not valid YAML' },
  'document/not-text': { severity: 'error', summary: 'a file holds something other than text' },
  'document/too-deep': { severity: 'error', summary: 'a document is nested deeper than any real one' },
  'document/too-large': { severity: 'error', summary: 'a document is larger than can be read' },
  'document/unknown-tag': { severity: 'warning', summary: 'a YAML tag is not known and is ignored' },
} as const satisfies CodesOf<'document'>;
