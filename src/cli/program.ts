// Turns the words of the command line into a command and its context, by the tables of surface/commands.ts, and
// every way of getting them wrong into a diagnostic. Commands are loaded only when they run.
import { Command, CommanderError, Option } from 'commander';
import type { ExitCode } from './io/context.ts';
import type { GlobalValues } from './io/globals.ts';
import { COMMANDS, type CommandName, type CommandSpec, GLOBAL_OPTIONS, type OptionSpec } from './surface/commands.ts';

/** What a command is given beside its context: its arguments in order, its options by name. */
type Runner = typeof import('./commands/check.ts')['run'];

const LOADERS: Readonly<Record<CommandName, () => Promise<{ readonly run: Runner }>>> = {
  init: () => import('./commands/init.ts'),
  check: () => import('./commands/check.ts'),
  fmt: () => import('./commands/fmt.ts'),
  graph: () => import('./commands/graph.ts'),
  flows: () => import('./commands/flows.ts'),
  why: () => import('./commands/why.ts'),
  trace: () => import('./commands/overlay/trace.ts'),
  fabric: () => import('./commands/overlay/fabric.ts'),
  reach: () => import('./commands/reach.ts'),
  path: () => import('./commands/path.ts'),
  diff: () => import('./commands/diff.ts'),
  equiv: () => import('./commands/equiv.ts'),
  'what-if': () => import('./commands/change/what-if.ts'),
  expiring: () => import('./commands/change/expiring.ts'),
  suggest: () => import('./commands/change/suggest.ts'),
  test: () => import('./commands/test.ts'),
  lint: () => import('./commands/lint.ts'),
  report: () => import('./commands/report/report.ts'),
  ci: () => import('./commands/ci.ts'),
  watch: () => import('./commands/watch.ts'),
  serve: () => import('./commands/server/serve.ts'),
  publish: () => import('./commands/server/publish.ts'),
  feed: () => import('./commands/server/feed.ts'),
  keys: () => import('./commands/server/keys.ts'),
  bundle: () => import('./commands/server/bundle.ts'),
  audit: () => import('./commands/server/audit.ts'),
  store: () => import('./commands/server/store.ts'),
  points: () => import('./commands/server/points.ts'),
  import: () => import('./commands/import.ts'),
  explain: () => import('./commands/explain.ts'),
  completion: () => import('./commands/completion.ts'),
  version: () => import('./commands/version.ts'),
};

/** Runs the program with the words after its name; gives its exit code. */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  const started = performance.now();
  let exit: ExitCode = 0;
  const program = buildProgram(async (spec, given, values) => {
    exit = await runCommand(spec, given, values, started);
  });
  // Alone it is the command; everywhere else an option that does not exist.
  const isVersion = words.length === 1 && (words[0] === '--version' || words[0] === '-V');
  try {
    await program.parseAsync(isVersion ? ['version'] : [...words], { from: 'user' });
    return exit;
  } catch (reason) {
    if (!(reason instanceof CommanderError)) return reportBug(reason, words);
    // Help and version end parsing by an exception too.
    if (reason.exitCode === 0) return 0;
    if (reason.code === 'commander.help') return 2;
    const { refuseUsage } = await import('./usage.ts');
    return refuseUsage(reason, words);
  }
}

type Run = (spec: CommandSpec, given: readonly string[], values: GlobalValues) => Promise<void>;

function buildProgram(run: Run): Command {
  const program = new Command('bulkhead')
    .description('Microsegmentation policies as code: exact answers about who may talk to whom, and why.')
    .usage('COMMAND [options]')
    .helpCommand('help [command]', 'show how a command is used')
    .configureHelp({ showGlobalOptions: true, commandUsage })
    // What is wrong is said by usage.ts; what is left to write here is help.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .addHelpText('after', HELP_AFTER);
  for (const option of GLOBAL_OPTIONS) program.addOption(makeOption(option));
  for (const spec of COMMANDS) {
    const command = program
      .command(`${spec.name} ${spec.arguments}`.trim())
      .summary(spec.summary)
      .description(`${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.`)
      .action(async (...received: unknown[]) => {
        const self = received.at(-1) as Command;
        await run(spec, self.args, self.optsWithGlobals());
      });
    for (const option of spec.options) command.addOption(makeOption(option));
    if (spec.help !== '') command.addHelpText('after', `\n${spec.help}`);
  }
  return program;
}

function makeOption({ flags, summary, repeats }: OptionSpec): Option {
  const option = new Option(flags, summary);
  if (repeats) option.argParser((value, known: readonly string[] | undefined) => [...(known ?? []), value]);
  return option;
}

function commandUsage(command: Command): string {
  const parent = command.parent === null ? '' : `${command.parent.name()} `;
  return `${parent}${command.name()} ${command.usage()}`;
}

const HELP_AFTER = `
Layers are policy folders, manifests, dumps and inventories, named as plain paths; without any, what bulkhead.yaml
names (here or in a folder above), else policies/.

Exit codes: 0 ok; 1 findings, failed tests, or not the verdict expected; 2 usage or input; 3 an unknown verdict where
one was expected; 70 a bug of ours; 130 interrupted.`;

async function runCommand(
  spec: CommandSpec,
  given: readonly string[],
  values: GlobalValues,
  started: number,
): Promise<ExitCode> {
  const { makeContext } = await import('./io/globals.ts');
  const { fail } = await import('./io/context.ts');
  const { context, diagnostics } = makeContext(spec, given, values, started);
  if (diagnostics.length > 0) return fail(context, diagnostics);
  const { run } = await LOADERS[spec.name]();
  return run(context, given, values);
}

async function reportBug(reason: unknown, words: readonly string[]): Promise<70> {
  const { clearProgress } = await import('./io/context.ts');
  clearProgress();
  const verbose = words.includes('-v') || words.includes('--verbose');
  const message = reason instanceof Error ? reason.message : String(reason);
  const detail = verbose && reason instanceof Error ? `\n${reason.stack}` : '';
  process.stderr.write(
    `internal error: ${message.slice(0, 500)}\n` +
      `This is a bug in bulkhead. Please report it with the command and its input; --verbose shows where.${detail}\n`,
  );
  return 70;
}
