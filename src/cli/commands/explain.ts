// `bulkhead explain CODE`: the page of a diagnostic code. The pages are those of docs/codes, bundled with the program,
// so that they fit the version at hand and are read without a network.
import pages from 'bulkhead:code-pages';
import { codes, findCode } from '../../text/codes.ts';
import { type Context, type ExitCode, emit, fail } from '../io/context.ts';
import { suggest, usage } from '../io/refusal.ts';

/** Prints the page of a code, or a list of all codes. */
export async function run(context: Context, [text]: readonly string[]): Promise<ExitCode> {
  const names = Object.keys(codes);
  if (text === undefined) return emit(context, [listCodes(names)]);
  const code = findCode(text);
  const page = code === null ? undefined : pages[code];
  if (page === undefined) {
    const help = suggest(text, names, '`bulkhead explain` without a code lists all of them');
    return fail(context, [usage('usage/unknown-code', `there is no code \`${text}\``, help)]);
  }
  return emit(context, [page.endsWith('\n') ? page : `${page}\n`]);
}

function listCodes(names: readonly string[]): string {
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(codes).map(([name, { summary }]) => `${name.padEnd(width)}  ${summary}\n`);
  return lines.join('');
}
