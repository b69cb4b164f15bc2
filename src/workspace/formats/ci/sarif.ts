// A report as SARIF 2.1.0 (OASIS Standard, 27 March 2020). A finding that has a place is a result; one that has none is a
// notification of the run, because consumers refuse results without a location. No times and no machine names: the same
// input gives the same bytes.

import type { CiReport } from '../../../analyze/ci/report.ts';
import { compareText } from '../../../base/order.ts';
import { codes } from '../../../text/codes.ts';
import type { DiagnosticJson } from '../../../text/diagnostic-json.ts';
import { fingerprint } from './fingerprint.ts';
import { fromRepository, type Located, locateFindings, type ReportOptions } from './located.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

export function renderSarif(report: CiReport, options: ReportOptions): string {
  const findings = locateFindings(report, options);
  const fingerprints = fingerprint(findings);
  const placed = findings.flatMap((item, i) => (item.path === null ? [] : [{ item, print: fingerprints[i] }]));
  const others = findings.filter((item) => item.path === null);
  const rules = sortedCodes(placed.map(({ item }) => item));
  const notices = sortedCodes(others);
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bulkhead',
            semanticVersion: options.version,
            rules: rules.map(describeCode),
            notifications: notices.map(describeCode),
          },
        },
        invocations: [
          {
            executionSuccessful: report.outcome !== 'unusable',
            toolExecutionNotifications: others.map(({ finding }) => ({
              descriptor: { id: finding.code, index: notices.indexOf(finding.code) },
              level: finding.severity,
              message: { text: textOf(finding) },
            })),
          },
        ],
        originalUriBaseIds: { [ROOT]: { description: { text: 'the root of the repository' } } },
        columnKind: 'utf16CodeUnits',
        results: placed.map(({ item: { finding }, print }) => ({
          ruleId: finding.code,
          ruleIndex: rules.indexOf(finding.code),
          level: finding.severity,
          message: { text: textOf(finding) },
          locations: [{ physicalLocation: placeOf(finding, options.folder) }],
          ...relatedTo(finding, options.folder),
          partialFingerprints: { 'bulkhead/v1': print },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function sortedCodes(findings: readonly Located[]): readonly string[] {
  return [...new Set(findings.map(({ finding }) => finding.code))].sort(compareText);
}

function describeCode(code: string) {
  const info = Object.hasOwn(codes, code) ? codes[code as keyof typeof codes] : undefined;
  return {
    id: code,
    ...(info === undefined ? {} : { shortDescription: { text: info.summary } }),
    ...(info === undefined ? {} : { defaultConfiguration: { level: info.severity } }),
    help: { text: `bulkhead explain ${code}` },
  };
}

function textOf({ message, notes, help }: DiagnosticJson): string {
  const further = notes.filter((note) => note.file === null).map((note) => note.message);
  return [message, ...further, ...(help === null ? [] : [`help: ${help}`])].join('\n');
}

type Place = Pick<DiagnosticJson, 'file' | 'line' | 'column' | 'endLine' | 'endColumn'>;

function placeOf({ file, line, column, endLine, endColumn }: Place, folder: string) {
  const path = fromRepository(file ?? '', folder).replace(/\p{Cs}/gu, '\uFFFD');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  const region =
    line === null
      ? {}
      : { region: { startLine: line, startColumn: column ?? 1, endLine: endLine ?? line, endColumn: endColumn ?? 1 } };
  return { artifactLocation: { uri, uriBaseId: ROOT }, ...region };
}

/** Further places of the finding, such as the first of two declarations. */
function relatedTo({ notes }: DiagnosticJson, folder: string) {
  const places = notes.filter((note) => note.file !== null);
  if (places.length === 0) return {};
  return {
    relatedLocations: places.map((note, i) => ({
      id: i,
      physicalLocation: placeOf(note, folder),
      message: { text: note.message },
    })),
  };
}
