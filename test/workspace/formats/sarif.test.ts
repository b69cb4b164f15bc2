// SARIF logs are what the standard's schema says, and what it cannot say: indices lead to their rule, and a result has a
// place. The schema is the one that @microsoft/jest-sarif ships: OASIS 2.1.0, under the name of its last draft (rtm.5).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { renderSarif } from '../../../src/workspace/formats/ci/sarif.ts';
import { GOOD_REPORT, HOSTILE_REPORT, OPTIONS, UNREADABLE_REPORT } from './hostile-report.ts';

const require = createRequire(import.meta.url);
const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
// Draft 4 differs from what this validator reads in the name of `id`, and in exclusive bounds, which the schema has none of.
const { $schema: draft, id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
const isUri = (text: string): boolean => URL.canParse(text);
const isReference = (text: string): boolean => !/[^\w\-.~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-F]{2})/i.test(text);
const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri: isUri, 'uri-reference': isReference, 'date-time': (text: string) => !Number.isNaN(Date.parse(text)) },
});
const validate = ajv.compile(schema);

function problems(log: unknown): unknown {
  return validate(log) ? [] : validate.errors;
}

interface Run {
  readonly tool: { readonly driver: { readonly version?: string; readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly {
    readonly executionSuccessful: boolean;
    readonly toolExecutionNotifications: unknown[];
  }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly locations: readonly {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
    }[];
    readonly partialFingerprints: Readonly<Record<string, string>>;
  }[];
}

const runOf = (report: Parameters<typeof renderSarif>[0]): Run => JSON.parse(renderSarif(report, OPTIONS)).runs[0];

describe('SARIF', () => {
  it('is checked against a schema that refuses what is not SARIF', () => {
    expect(draft).toMatch(/draft-04/);
    expect(id).toMatch(/sarif-2\.1\.0/);
    const log = JSON.parse(renderSarif(HOSTILE_REPORT, OPTIONS));
    expect(problems({ ...log, version: '2.0.0' })).not.toEqual([]);
    expect(problems({ ...log, runs: [{ ...log.runs[0], results: [{ ruleId: 'a' }] }] })).not.toEqual([]);
    expect(problems({ ...log, runs: [{ ...log.runs[0], extra: 1 }] })).not.toEqual([]);
  });

  it.each([
    ['findings', HOSTILE_REPORT],
    ['none', GOOD_REPORT],
    ['what cannot be read', UNREADABLE_REPORT],
  ])('with %s is valid, and the same bytes each time', (_, report) => {
    const text = renderSarif(report, OPTIONS);
    expect(problems(JSON.parse(text))).toEqual([]);
    expect(renderSarif(report, OPTIONS)).toBe(text);
  });

  it('has a rule behind each index, a place and a fingerprint of its own for each result', () => {
    const { tool, results } = runOf(HOSTILE_REPORT);
    expect(results.length).toBeGreaterThan(50);
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(locations.map((place) => place.physicalLocation.artifactLocation.uri)).toEqual([
        'infra/policies/a%20b%2Cc%3Ad%25%2C%C3%A9%23.seg',
      ]);
    }
    const prints = results.flatMap((result) => Object.values(result.partialFingerprints));
    expect(new Set(prints).size).toBe(results.length);
    expect(new Set(results.map((result) => result.level))).toEqual(new Set(['error', 'warning', 'note']));
  });

  it('says what has no place as a notification, and that a run was not successful', () => {
    const [invocation] = runOf(UNREADABLE_REPORT).invocations;
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      { level: 'error', message: { text: 'there is no `polices`' }, descriptor: { id: 'workspace/no-such-path' } },
    ]);
    expect(runOf(GOOD_REPORT).invocations[0]?.executionSuccessful).toBe(true);
  });
});
