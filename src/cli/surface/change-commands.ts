// What the commands about changes look like, as data: comparing, asking what would be, finding what to change.
import { type CommandSpec, option } from './spec.ts';

export const DIFF_GROUPINGS = ['group', 'owner', 'workload'] as const;

const IN = option('--in <path>', 'read this layer; may be repeated', 'path', true);

export const CHANGE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'diff',
    summary: 'list every flow that one of two versions allows and the other does not',
    arguments: '<old> [new]',
    takes: 'paths',
    options: [
      option('--exit-code', 'end with 1 if there is a difference'),
      option('--by <unit>', 'describe ends by group (default), owner or workload', DIFF_GROUPINGS),
    ],
    formats: ['text', 'json'],
    help: [
      'Each is a folder, a file, or a revision of the git repository: `main`, `HEAD~1`, `git:REV:PATH`. A name of both is a',
      'path; `git:main` is the revision. Without a second one, the working tree is compared.',
      '',
      'Examples:',
      '  bulkhead diff main',
      '  bulkhead diff policies-old policies --exit-code',
      '  bulkhead diff git:v1.2:policies/shop manifests',
    ].join('\n'),
  },
  {
    name: 'equiv',
    summary: 'prove that two versions allow the same flows, or show one that only one allows',
    arguments: '<old> [new]',
    takes: 'paths',
    options: [],
    formats: ['text', 'json'],
    help: 'Ends with 1 if they differ. What can be named is what `diff` takes.',
  },
  {
    name: 'what-if',
    summary: 'say what changes would do to flows and tests, without making them',
    arguments: '[change...]',
    takes: 'paths',
    options: [
      option('-e, --eval <statement>', 'a change, such as `move web-01 to esx-2`; may be repeated', null, true),
      option('--repl', 'ask for changes line by line, with history and completion'),
      IN,
      option('--by <unit>', 'describe ends by group (default), owner or workload', DIFF_GROUPINGS),
    ],
    formats: ['text', 'json'],
    help: [
      'A change is a file of statements, or one statement with -e; all of them are made, or none. Ends with 1 if a test,',
      'an invariant or a budget that held does not hold any more.',
      '',
      'Examples:',
      "  bulkhead what-if -e 'set web-01 labels env=dev'",
      "  bulkhead what-if -e 'add to shop: allow cache: api -> db on tcp/6379' --in policies",
      '  bulkhead what-if change.seg',
      '  bulkhead what-if --repl',
    ].join('\n'),
  },
  {
    name: 'expiring',
    summary: 'list what changes by itself as rules expire and windows open and close',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--until <time>', 'up to this instant or date (RFC 3339) instead of 90 days'),
      option('--by <unit>', 'describe ends by group (default), owner or workload', DIFF_GROUPINGS),
    ],
    formats: ['text', 'json'],
    help: 'It starts at --at, or now. Example: bulkhead expiring --until 2027-12-31',
  },
  {
    name: 'suggest',
    summary: 'find the smallest change that allows a flow, or blocks it',
    arguments: '[question...]',
    takes: 'nothing',
    options: [
      IN,
      option('--deny', 'block the flow instead'),
      option('--tests', 'propose tests for what `test --mutate` shows that none notices; takes paths alone'),
    ],
    formats: ['text', 'json'],
    help: [
      'A flow is three arguments or one in quotes; paths may follow. Every change is proved: what else it opens or closes is',
      'shown, and nothing is written. Ends with 0 where there is a suggestion or nothing to do, with 1 where there is none.',
      '',
      'Examples:',
      '  bulkhead suggest web-01 db-01 tcp/5432',
      "  bulkhead suggest 'shop/front-end -> shop/carts on tcp/80' manifests",
      '  bulkhead suggest web-01 db-01 tcp/22 --deny',
      '  bulkhead suggest --tests policies -o policies/proposed-test.seg',
    ].join('\n'),
  },
];
