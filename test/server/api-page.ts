// docs/api.md as something to run: its shell blocks in order, and behind each the answer that it shows. What differs from
// run to run (ids of requests, tags, digests, secrets) is an ellipsis on the page and here.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Example {
  /** The shell block. */
  readonly command: string;
  /** The block behind it. */
  readonly shown: string;
  /** Where the text of `shown` is on the page. */
  readonly start: number;
  readonly end: number;
}

const PAIR = /^```sh\n([\s\S]*?)^```\n\n```(?:http|text)\n([\s\S]*?)^```$/gm;

export function readExamples(page: string): readonly Example[] {
  return [...page.matchAll(PAIR)].map((match) => {
    const [whole, command = '', shown = ''] = match;
    const end = match.index + whole.length - '```'.length;
    return { command, shown, start: end - shown.length, end };
  });
}

/** The blocks of a language that have a name in their first line, as `# name`, by name. */
export function readFiles(page: string): Readonly<Record<string, string>> {
  const blocks = page.matchAll(/^```(?:yaml|text)\n((?:#|\/\/) ([\w.-]+)\n[\s\S]*?)^```$/gm);
  return Object.fromEntries([...blocks].map(([, text = '', name = '']) => [name, text]));
}

/** Runs all commands in one shell, so that one can use what another has kept; gives what each printed. */
export async function runExamples(
  commands: readonly string[],
  { cwd, server }: { readonly cwd: string; readonly server: string },
): Promise<readonly string[]> {
  const script = commands.map((command, i) => `{\n${command}\n} > out-${i} 2>&1\n`).join('');
  const env = { ...process.env, BULKHEAD_SERVER: server, CURL_HOME: cwd, NO_PROXY: '*' };
  const shell = spawn('sh', ['-c', script], { cwd, env, stdio: 'ignore' });
  await new Promise((done) => shell.once('exit', done));
  return commands.map((_, i) => readFileSync(join(cwd, `out-${i}`), 'utf8'));
}

/** What was printed as the page shows it: status, the headers that say something, the body in lines to read. */
export function present(printed: string): string {
  const match = /^(HTTP\/1\.1 [^\r]+)\r\n([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(printed);
  if (match === null) return hide(layOut(printed));
  const [, status = '', head = '', body = ''] = match;
  const headers = head
    .split('\r\n')
    .filter((line) => SHOWN.test(line) && !/^content-type: application\/(problem\+)?json/i.test(line));
  const lines = [status, ...headers.map(hide)].join('\n');
  return body === '' ? `${lines}\n` : `${lines}\n\n${hide(layOut(body))}`;
}

const SHOWN =
  /^(etag|retry-after|content-type|idempotency-replayed|preference-applied|www-authenticate|bulkhead-[a-z-]+):/i;

function layOut(body: string): string {
  try {
    return `${printJson(JSON.parse(body), '')}\n`;
  } catch {
    return body.endsWith('\n') || body === '' ? body : `${body}\n`;
  }
}

/** On one line what fits there. */
function printJson(value: unknown, indent: string): string {
  const flat = printFlat(value);
  if (typeof value !== 'object' || value === null || indent.length + flat.length <= 110) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => inner + printJson(each, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([key, each]) => `${inner}${JSON.stringify(key)}: ${printJson(each, inner)}`,
  );
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function printFlat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlat).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${printFlat(each)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function hide(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/urn:bulkhead:request:[0-9a-f-]{36}/g, 'urn:bulkhead:request:…')
    .replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')
    .replace(/\\?"[A-Za-z0-9_-]{32}\\?"/g, (tag) => (tag.startsWith('\\') ? '\\"…\\"' : '"…"'))
    .replace(/[0-9a-f]{64}/g, '…')
    .replace(/bhf_[A-Za-z0-9_-]+/g, 'bhf_…')
    .replace(/"(id|secret)": "[0-9a-f]{12}"/g, '"$1": "…"')
    .replace(/"(kid|x|y)": "[^"]*"/g, '"$1": "…"')
    .replace(/^bulkhead-signature: .*/, 'bulkhead-signature: …');
}
