// The action, the hooks, the template and the examples of docs/ci.md are what their readers take, and every command in
// them is one that the program has, with options that it knows. The action's script is run.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { COMMANDS, GLOBAL_OPTIONS } from '../../src/cli/surface/commands.ts';
import { REPORT_FORMATS } from '../../src/cli/surface/pipeline-commands.ts';
import { makeFolder, programPath, ROOT } from './program.ts';
import { makeRepository } from './repository.ts';
import { SHOP } from './shop.ts';

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...read('docs/ci.md').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

/** Every `bulkhead COMMAND …` of a text up to the end of its line or string, words split as a shell does. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const joined = text.replaceAll(/\\\n/g, ' ').replaceAll(/>-\n\s+([^\n]*)\n\s+(?=--)/g, '$1 ');
  return [...joined.matchAll(/(?:npx --no -- |entry: |\$ |`)bulkhead ([a-z][^\n`'|]*)/g)].map(([, line = '']) =>
    [...line.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', '')),
  );
}

function problemsOf([name = '', ...words]: readonly string[]): readonly string[] {
  const command = COMMANDS.find((spec) => spec.name === name);
  if (command === undefined) return [`there is no command ${name}`];
  const options = [...command.options, ...GLOBAL_OPTIONS].map((option) => option.flags);
  return words.flatMap((word, i) => {
    if (/^--?\w/.test(word) && !options.some((flags) => flags.split(/[ ,]+/).includes(word))) {
      return [`${name} has no ${word}`];
    }
    const value = words[i + 1] ?? '';
    if (word === '-f' || word === '--format') return command.formats.includes(value as never) ? [] : [`no ${value}`];
    if (word !== '--report') return [];
    return REPORT_FORMATS.some((format) => value.startsWith(`${format}=`)) ? [] : [`no report ${value}`];
  });
}

describe('commands in files for pipelines', () => {
  it.each([
    ['action.yml', 1],
    ['.pre-commit-hooks.yaml', 3],
    ['ci/gitlab.yml', 1],
    ['docs/ci.md', 8],
  ])('of %s exist, with these options', (name, least) => {
    const found = commandsIn(read(name));
    expect(found.length).toBeGreaterThanOrEqual(least);
    expect(found.flatMap(problemsOf)).toEqual([]);
  });

  it('are seen to be wrong where they are', () => {
    const wrong = 'run: npx --no -- bulkhead ci --bas x --report srif=y -f svg\nentry: bulkhead chek\n';
    expect(commandsIn(wrong).flatMap(problemsOf)).toEqual([
      'ci has no --bas',
      'no report srif=y',
      'no svg',
      'there is no command chek',
    ]);
  });
});

describe('files for pipelines', () => {
  const step = z.looseObject({ run: z.string().optional(), uses: z.string().optional() });

  it('are what GitHub takes for a composite action', () => {
    const action = z.strictObject({
      name: z.string(),
      description: z.string(),
      inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
      outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
      runs: z.strictObject({
        using: z.literal('composite'),
        steps: z.array(
          z.strictObject({
            id: z.string(),
            shell: z.literal('bash'),
            'working-directory': z.string(),
            env: z.record(z.string(), z.string()),
            run: z.string(),
          }),
        ),
      }),
    });
    const { inputs, runs } = action.parse(parse(read('action.yml')));
    // What a user wrote is never part of a script, and every input reaches it.
    const [only] = runs.steps;
    expect(only?.run).not.toContain('${{');
    const given = [...Object.values(only?.env ?? {}), only?.['working-directory']].join();
    for (const name of Object.keys(inputs)) expect(given).toContain(`\${{ inputs.${name} }}`);
  });

  it('are what pre-commit takes for hooks', () => {
    const hook = z.strictObject({
      id: z.string(),
      name: z.string(),
      description: z.string().optional(),
      entry: z.string(),
      language: z.enum(['node', 'system']),
      files: z.string(),
      pass_filenames: z.boolean().optional(),
    });
    const hooks = z.array(hook).parse(parse(read('.pre-commit-hooks.yaml')));
    const local = blocks('yaml')
      .map((text) => parse(text))
      .find((value) => value?.repos !== undefined);
    expect(
      z
        .array(hook)
        .parse(local.repos[0].hooks)
        .map(({ id }) => id),
    ).toEqual(hooks.map(({ id }) => id));
    for (const { files } of hooks) expect('policies/a.seg').toMatch(new RegExp(files));
  });

  it('are what GitLab takes for a job', () => {
    const job = z.strictObject({
      stage: z.string(),
      image: z.string(),
      variables: z.record(z.string(), z.string()),
      rules: z.array(z.strictObject({ if: z.string() })),
      before_script: z.array(z.string()).optional(),
      script: z.array(z.string()).min(1),
      artifacts: z.strictObject({
        when: z.literal('always'),
        paths: z.array(z.string()).optional(),
        reports: z.strictObject({ codequality: z.string(), junit: z.string() }),
      }),
    });
    const example = blocks('yaml')
      .map((text) => parse(text))
      .find((value) => value?.bulkhead !== undefined);
    for (const { bulkhead } of [parse(read('ci/gitlab.yml')), example]) {
      const { script, artifacts } = job.parse(bulkhead);
      const { codequality, junit } = artifacts.reports;
      for (const path of [codequality, junit, ...(artifacts.paths ?? [])]) expect(script.join()).toContain(`=${path}`);
    }
  });

  it('are a workflow of GitHub, whose action takes these inputs and gives these outputs', () => {
    const workflow = blocks('yaml')
      .map((text) => parse(text))
      .find((value) => value?.jobs !== undefined);
    const steps = z.array(step).parse(workflow.jobs.bulkhead.steps);
    const { inputs, outputs } = parse(read('action.yml'));
    const used = steps.find(({ uses }) => uses === './node_modules/bulkhead') as { with: object };
    expect(Object.keys(used.with).filter((name) => !Object.hasOwn(inputs, name))).toEqual([]);
    const read_ = [...read('docs/ci.md').matchAll(/steps\.bulkhead\.outputs\.(\w+)/g)].map(([, name = '']) => name);
    expect(read_.length).toBeGreaterThan(0);
    expect(read_.filter((name) => !Object.hasOwn(outputs, name))).toEqual([]);
  });
});

describe('the action', () => {
  const { runs } = parse(read('action.yml'));
  const script: string = runs.steps[0].run;

  /** Runs the script as the runner does, with the program in the place of npx. */
  function act(cwd: string, inputs: Readonly<Record<string, string>>) {
    const home = makeFolder({
      npx: `#!/bin/sh\n[ "$1 $2 $3" = "--no -- bulkhead" ] || exit 99\nshift 3\nexec "${process.execPath}" "${programPath()}" "$@"\n`,
      summary: 'before\n',
      output: '',
    });
    chmodSync(join(home, 'npx'), 0o755);
    const names = ['PATHS', 'BASE', 'NO_NEW_FLOWS', 'STRICT'];
    const env = {
      ...Object.fromEntries(names.map((name) => [`BULKHEAD_${name}`, inputs[name] ?? ''])),
      PATH: `${home}${delimiter}${process.env.PATH}`,
      RUNNER_TEMP: home,
      GITHUB_STEP_SUMMARY: join(home, 'summary'),
      GITHUB_OUTPUT: join(home, 'output'),
    };
    const run = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd,
      env,
      encoding: 'utf8',
    });
    const file = (name: string): string => readFileSync(join(home, name), 'utf8');
    return {
      code: run.status,
      stdout: run.stdout,
      stderr: run.stderr,
      summary: file('summary'),
      output: file('output'),
      home,
    };
  }

  it('annotates, adds to the summary, says where reports are, and ends as the program does', () => {
    const cwd = makeRepository(SHOP);
    const path = join(cwd, 'policies/main.seg');
    writeFileSync(path, readFileSync(path, 'utf8').replace('tcp/443', 'tcp/444'));
    const run = act(cwd, { PATHS: 'policies\n\n', BASE: 'main', NO_NEW_FLOWS: 'true' });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.stdout).toContain('::error file=policies/main.seg,line=21,');
    expect(run.summary).toMatch(/^before\n<!-- bulkhead -->\n## Bulkhead: failed\n/);
    const outputs = run.output
      .trimEnd()
      .split('\n')
      .map((line) => line.split('='));
    expect(outputs.map(([name]) => name)).toEqual(['markdown', 'sarif', 'junit']);
    for (const [, file = ''] of outputs) expect(existsSync(file)).toBe(true);
  });

  it('passes with no input at all, and takes nothing that was written into one for a script', () => {
    const cwd = makeRepository(SHOP);
    expect(act(cwd, {})).toMatchObject({ code: 0, stderr: '' });
    const hostile = act(cwd, { PATHS: '$(touch bad)\n; touch bad\n--help', BASE: '`touch bad`' });
    expect(hostile.code).toBe(2);
    expect(existsSync(join(cwd, 'bad'))).toBe(false);
  });
});
