import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { error, note } from '../../src/text/diagnostic.ts';
import { makeDiagnosticsDocument } from '../../src/text/diagnostic-json.ts';
import { makeSource } from '../../src/text/source.ts';

const CODE = 'workspace/more-diagnostics';
const schemaFile = new URL('../../docs/schemas/bulkhead.diagnostics-1.schema.json', import.meta.url);
const schema = z.fromJSONSchema(JSON.parse(readFileSync(schemaFile, 'utf8')));

describe('the document of diagnostics', () => {
  const source = makeSource('shop.seg', 'one\ntwo three\nfour');
  const notes = [{ message: 'n', span: { file: 'gone', start: 1, end: 2 } }];
  const found = [
    error(CODE, 'm', { file: 'shop.seg', start: 8, end: 18 }, { notes, help: 'h' }),
    note(CODE, 'n', null),
  ];
  const document = makeDiagnosticsDocument(found, new Map([[source.name, source]]));

  it('gives lines and columns, and null where there is no text', () => {
    const nowhere = { line: null, column: null, endLine: null, endColumn: null };
    expect(document).toEqual({
      format: 'bulkhead.diagnostics/1',
      diagnostics: [
        {
          ...{ code: CODE, severity: 'error', message: 'm', help: 'h' },
          ...{ file: 'shop.seg', line: 2, column: 5, endLine: 3, endColumn: 5 },
          notes: [{ message: 'n', file: 'gone', ...nowhere }],
        },
        { code: CODE, severity: 'note', message: 'n', help: null, file: null, ...nowhere, notes: [] },
      ],
    });
  });

  it('is what its schema says', () => {
    expect(schema.safeParse(document).error).toBeUndefined();
    expect(schema.safeParse(makeDiagnosticsDocument([], new Map())).success).toBe(true);
  });

  it.each([
    ['another format', { ...document, format: 'bulkhead.diagnostics/2' }],
    ['a further key', { ...document, more: 1 }],
    ['a line from 0', { ...document, diagnostics: [{ ...document.diagnostics[0], line: 0 }] }],
    ['a code without an area', { ...document, diagnostics: [{ ...document.diagnostics[0], code: 'nothing' }] }],
    ['a missing key', { ...document, diagnostics: [{ code: CODE, severity: 'note', message: 'n' }] }],
  ])('is not %s', (_, other) => {
    expect(schema.safeParse(other).success).toBe(false);
  });
});
