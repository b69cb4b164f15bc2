// JUnit documents are well-formed XML, have the elements and attributes that the schema of Jenkins' xUnit plugin knows
// (with `file` and `line`, which GitLab reads), and count right.
import { parseXml, type XmlElement, XmlNode, type XmlText } from '@rgrove/parse-xml';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../../src/workspace/formats/ci/junit.ts';
import { GOOD_REPORT, HOSTILE, HOSTILE_REPORT, OPTIONS, UNREADABLE_REPORT } from './hostile-report.ts';

interface Rule {
  readonly children: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const COUNTS = ['tests', 'failures', 'errors', 'skipped'];
const SCHEMA: Readonly<Record<string, Rule>> = {
  testsuites: { children: ['testsuite'], required: ['name', ...COUNTS], optional: [] },
  testsuite: { children: ['testcase', 'system-out'], required: ['name', ...COUNTS], optional: [] },
  testcase: { children: ['failure', 'error', 'skipped'], required: ['name', 'classname'], optional: ['file', 'line'] },
  failure: { children: [], required: ['message'], optional: ['type'] },
  error: { children: [], required: ['message'], optional: ['type'] },
  skipped: { children: [], required: ['message'], optional: ['type'] },
  'system-out': { children: [], required: [], optional: [] },
};

const isElement = (node: unknown): node is XmlElement => (node as XmlNode).type === XmlNode.TYPE_ELEMENT;
const childrenOf = (element: XmlElement): readonly XmlElement[] => element.children.filter(isElement);

function* problemsOf(element: XmlElement): Generator<string> {
  const rule = SCHEMA[element.name];
  if (rule === undefined) {
    yield `there is no <${element.name}>`;
    return;
  }
  const given = Object.keys(element.attributes);
  for (const name of rule.required) if (!given.includes(name)) yield `<${element.name}> lacks ${name}`;
  for (const name of given)
    if (![...rule.required, ...rule.optional].includes(name)) yield `<${element.name}> has ${name}`;
  for (const child of childrenOf(element)) {
    if (!rule.children.includes(child.name)) yield `<${element.name}> holds <${child.name}>`;
    yield* problemsOf(child);
  }
  const text = element.children.filter((node): node is XmlText => node.type === XmlNode.TYPE_TEXT);
  if (rule.children.length > 0 && text.some((node) => node.text.trim() !== '')) yield `<${element.name}> holds text`;
}

function read(report: Parameters<typeof renderJunit>[0]): XmlElement {
  const { root } = parseXml(renderJunit(report, OPTIONS));
  if (root === null) throw new Error('there is no root element');
  return root;
}

function casesOf(root: XmlElement): readonly XmlElement[] {
  return childrenOf(root).flatMap((suite) => childrenOf(suite).filter((element) => element.name === 'testcase'));
}

describe('JUnit', () => {
  it.each([
    ['findings', HOSTILE_REPORT],
    ['none', GOOD_REPORT],
    ['what cannot be read', UNREADABLE_REPORT],
  ])('with %s is well-formed, in the form of the schema, and counts right', (_, report) => {
    const root = read(report);
    expect([...problemsOf(root)]).toEqual([]);
    const holds = (element: XmlElement, name: string): boolean => childrenOf(element).some((e) => e.name === name);
    for (const element of [root, ...childrenOf(root)]) {
      const cases = element === root ? casesOf(root) : childrenOf(element).filter((e) => e.name === 'testcase');
      expect(cases.length).toBeGreaterThan(0);
      expect(element.attributes).toMatchObject({
        tests: String(cases.length),
        failures: String(cases.filter((item) => holds(item, 'failure')).length),
        errors: String(cases.filter((item) => holds(item, 'error')).length),
        skipped: String(cases.filter((item) => holds(item, 'skipped')).length),
      });
    }
  });

  it('shows names as they are, what does not print by its number', () => {
    const names = casesOf(read(HOSTILE_REPORT)).map((element) => element.attributes.name);
    expect(names).toContain('<script>alert(1)</script>');
    expect(names).toContain('<U+0000><U+0001><U+001B>[2J<U+202E>abc<U+FFFE><U+D800>');
    expect(HOSTILE.length).toBeLessThan(names.length);
  });

  it('has one case a policy test, with its file from the root of the repository', () => {
    const suite = childrenOf(read(GOOD_REPORT)).find((element) => element.attributes.name === 'bulkhead.tests');
    expect(suite?.children.filter(isElement).map((element) => element.attributes)).toEqual([
      { name: 'fine', classname: 'bulkhead.tests.policies.fine', file: 'infra/policies/a b,c:d%,é#.seg', line: '2' },
      {
        name: 'also fine',
        classname: 'bulkhead.tests.policies.also fine',
        file: 'infra/policies/a b,c:d%,é#.seg',
        line: '2',
      },
    ]);
  });
});
