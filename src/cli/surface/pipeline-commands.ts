// What the commands of pipelines and pages look like, as data; the others are in commands.ts.
import { type CommandSpec, option } from './spec.ts';

/** What `--report` writes, and `-f` of commands that report to a pipeline. */
export const REPORT_FORMATS = ['json', 'sarif', 'junit', 'github', 'gitlab', 'md'] as const;

export const PIPELINE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'report',
    summary: 'write a page about the policies: map, exposure, blast radius, findings, tests, what ends',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--no-mutation', 'leave out how many small changes the tests notice, which takes the longest'),
      option('--until <time>', 'list what expires up to this instant or date (RFC 3339) instead of 90 days'),
    ],
    formats: ['html', 'md', 'json'],
    help: [
      'The page needs nothing else: no script, nothing loaded. It ends with 0 whatever it says.',
      '',
      'Examples:',
      '  bulkhead report -o report.html',
      '  bulkhead report policies -f md --no-mutation',
    ].join('\n'),
  },
  {
    name: 'ci',
    summary: 'run all that a change must pass: form, check, tests, and a comparison with a base',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--base <revision>', 'show which flows open and close against this git revision'),
      option('--no-new-flows', 'fail if a flow is allowed that the base does not allow'),
      option('--report <format=path>', 'write the report to a file too, in this format; may be repeated', null, true),
    ],
    formats: ['text', ...REPORT_FORMATS],
    help: [
      'Ends with 1 if a step failed, with 2 if something could not be read.',
      '',
      'Examples:',
      '  bulkhead ci --base main',
      '  bulkhead ci --base origin/main -f github --report md=summary.md --report sarif=bulkhead.sarif',
    ].join('\n'),
  },
  {
    name: 'watch',
    summary: 'check and test again whenever a file changes, and show what changed about the flows',
    arguments: '[path...]',
    takes: 'paths',
    options: [],
    formats: ['text'],
    help: 'Flows are compared with the last state that had no error and met all tests. Ctrl-C ends it, with 130.',
  },
];
