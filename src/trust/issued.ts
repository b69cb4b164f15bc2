// What each point was told last, on disk: so that the numbers of bundles never go back, whatever becomes of the clock or of
// the store, and a restart tells a point the same bytes again. One line for each content that a point was told, appended
// before it is told; a line that was cut off was never told.

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface Issue {
  readonly digest: string;
  readonly seq: number;
  /** The revision of which the point was first told this content. */
  readonly revision: string;
}

export interface IssuedLog {
  /** What the point was told last; null: nothing. */
  readonly last: (point: string) => Issue | null;
  /**
   * The number under which the point is told this content: as before where it was the last, else a higher one than any
   * before and than `above`. Returns when that is on the disk; throws what the file system throws.
   */
  readonly issue: (point: string, digest: string, revision: string, above: number) => Issue;
  readonly close: () => void;
}

const FILE = 'issued.jsonl';
/** Lines of which few still count are written anew. */
const MOST_LINES_A_POINT = 16;

export function openIssued(folder: string): IssuedLog {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const found = readIssued(path);
  const isLong = found.lines > MOST_LINES_A_POINT * Math.max(1, found.issues.size);
  if (isLong) rewrite(folder, path, found.issues);
  const { issues, whole } = isLong ? readIssued(path) : found;
  const handle = openSync(path, existsSync(path) ? 'r+' : 'wx+', 0o600);
  let end = whole;
  ftruncateSync(handle, end);
  syncFolder(folder);
  return {
    last: (point) => issues.get(point) ?? null,
    issue(point, digest, revision, above) {
      const known = issues.get(point);
      if (known !== undefined && known.digest === digest) return known;
      const next = { digest, seq: Math.max(known?.seq ?? 0, above) + 1, revision };
      const line = Buffer.from(toLine(point, next));
      // At its place: a line that an earlier failure cut off is written over.
      for (let done = 0; done < line.length; ) done += writeSync(handle, line, done, line.length - done, end + done);
      fdatasyncSync(handle);
      end += line.length;
      issues.set(point, next);
      return next;
    },
    close: () => closeSync(handle),
  };
}

function toLine(point: string, { digest, seq, revision }: Issue): string {
  return `${JSON.stringify([point, digest, seq, revision])}\n`;
}

/** Everything up to the first line that is not whole; `whole` counts its bytes. */
function readIssued(path: string): { issues: Map<string, Issue>; lines: number; whole: number } {
  const issues = new Map<string, Issue>();
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  let [lines, whole] = [0, 0];
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, whole)) {
    const read = parseLine(bytes.toString('utf8', whole, end));
    if (read === null) break;
    issues.set(...read);
    lines++;
    whole = end + 1;
  }
  return { issues, lines, whole };
}

function parseLine(line: string): readonly [string, Issue] | null {
  try {
    const [point, digest, seq, revision] = JSON.parse(line) as readonly unknown[];
    if (typeof point !== 'string' || typeof digest !== 'string' || typeof revision !== 'string') return null;
    return Number.isSafeInteger(seq) ? [point, { digest, seq: seq as number, revision }] : null;
  } catch {
    return null;
  }
}

function rewrite(folder: string, path: string, issues: ReadonlyMap<string, Issue>): void {
  const temporary = `${path}.tmp`;
  const handle = openSync(temporary, 'w', 0o600);
  writeSync(handle, [...issues].map(([point, issue]) => toLine(point, issue)).join(''));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, path);
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
