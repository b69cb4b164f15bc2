// The terminal of a dialogue: prompt, history and completion where somebody types; lines of a pipe otherwise, of which
// the first that cannot be answered ends it.
import { createInterface } from 'node:readline';
import type { DiffBy } from '../../analyze/diff/diff-row.ts';
import { hasErrors } from '../../text/diagnostic.ts';
import { type Context, clearProgress, type ExitCode, render } from '../io/context.ts';
import type { Opened } from '../io/open.ts';
import { makePaint } from '../text/paint.ts';
import { completeLine } from './complete.ts';
import { startSession } from './session.ts';

export async function runRepl(context: Context, { snapshot, workspace }: Opened, by: DiffBy): Promise<ExitCode> {
  clearProgress();
  const session = startSession(snapshot, workspace.sources, by, makePaint(context.terminal.colorOut));
  const isTyped = process.stdin.isTTY === true;
  const terminal = createInterface({
    input: process.stdin,
    crlfDelay: Number.POSITIVE_INFINITY,
    ...(isTyped
      ? {
          output: process.stderr,
          terminal: true,
          prompt: 'what if> ',
          completer: (line: string) => completeLine(line, session.layers()),
        }
      : {}),
  });
  let isInterrupted = false;
  terminal.on('SIGINT', () => {
    isInterrupted = true;
    terminal.close();
  });
  if (isTyped) {
    process.stderr.write('one change a line; `help` says more\n');
    terminal.prompt();
  }
  for await (const line of terminal) {
    const { text, diagnostics, ends } = session.answer(line);
    const shown = diagnostics.filter(({ severity }) => severity === 'error' || !context.quiet);
    if (shown.length > 0) {
      process.stderr.write(render(context, shown, session.sources, context.terminal.colorErr));
    }
    if (text !== '' && !process.stdout.write(text))
      await new Promise<void>((done) => process.stdout.once('drain', done));
    if (hasErrors(diagnostics) && !isTyped) return 2;
    if (ends) break;
    if (isTyped) terminal.prompt();
  }
  return isInterrupted ? 130 : 0;
}
