// What the command line looks like, as data: every command with its arguments, options and formats.
// program.ts makes the parser of it, completion.ts the scripts for shells. What a command does is in commands/.
import { CHANGE_COMMANDS } from './change-commands.ts';
import { PIPELINE_COMMANDS } from './pipeline-commands.ts';
import { SERVER_COMMANDS, type ServerCommandName } from './server-commands.ts';
import { type CommandSpec, type OptionSpec, option } from './spec.ts';

export type { CommandSpec, OptionSpec };

export type CommandName =
  | 'init'
  | 'check'
  | 'fmt'
  | 'graph'
  | 'flows'
  | 'why'
  | 'trace'
  | 'fabric'
  | 'reach'
  | 'path'
  | 'diff'
  | 'equiv'
  | 'what-if'
  | 'expiring'
  | 'suggest'
  | 'test'
  | 'lint'
  | 'report'
  | 'ci'
  | 'watch'
  | ServerCommandName
  | 'import'
  | 'explain'
  | 'completion'
  | 'version';

export type Format =
  | 'text'
  | 'json'
  | 'dot'
  | 'mermaid'
  | 'svg'
  | 'pcap'
  | 'traceflow'
  | 'sarif'
  | 'junit'
  | 'github'
  | 'gitlab'
  | 'md'
  | 'lcov'
  | 'annotated'
  | 'html';
export const FORMATS: readonly Format[] = [
  ...(['text', 'json', 'dot', 'mermaid', 'svg', 'pcap', 'traceflow'] as const),
  ...(['sarif', 'junit', 'github', 'gitlab', 'md', 'lcov', 'annotated', 'html'] as const),
];
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export const GROUPINGS = ['workload', 'owner', 'group', 'class'] as const;
export const PATH_EXPECTATIONS = ['path', 'none'] as const;
export const EXPECTATIONS = ['allow', 'drop', 'reject', 'deny'] as const;
export const TCP_FLAGS = ['syn', 'syn-ack', 'ack', 'fin', 'rst'] as const;
export const ENCAPSULATIONS = ['geneve', 'vxlan'] as const;
export const FABRIC_VIEWS = ['tables', 'check'] as const;
const WHEN_COLORED = ['auto', 'always', 'never'] as const;

/** Options that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  option('-f, --format <format>', 'how to write the answer: text, json, or another that the command names', FORMATS),
  option('-o, --out <path>', 'write the answer to a file, all of it or nothing', 'path'),
  option('--world <path>', 'add an inventory without its policies; may be repeated', 'path', true),
  option('--dialect <name>', 'how manifests are enforced: kubernetes, calico, cilium, …'),
  option('--at <time>', 'judge at this instant or date (RFC 3339) instead of now'),
  option('--strict', 'end with 1 on warnings too'),
  option('-q, --quiet', 'say nothing on standard error but errors'),
  option('-v, --verbose', 'say more: notes, and where a bug was met'),
  option('--color [when]', 'color text: auto, always or never', WHEN_COLORED),
  option('--no-color', 'the same as --color never'),
];

const IN = option('--in <path>', 'read this layer; may be repeated', 'path', true);

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'write a first bulkhead.yaml and a policy to start from',
    arguments: '[folder]',
    takes: 'paths',
    options: [],
    formats: ['text'],
    help: 'Nothing that is already there is overwritten.',
  },
  {
    name: 'check',
    summary: 'judge policies, inventories and manifests',
    arguments: '[path...]',
    takes: 'paths',
    options: [],
    formats: ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'],
    help: 'Ends with 1 if an error was found, or with --strict a warning.',
  },
  {
    name: 'fmt',
    summary: 'bring policy files into their usual form',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--check', 'change nothing; list the files that would change and end with 1 if there are any'),
      option('--diff', 'change nothing; print what would change and end with 1 if anything would'),
    ],
    formats: ['text'],
    help: 'Comments stay. Files with a syntax error are left as they are.',
  },
  {
    name: 'graph',
    summary: 'show workloads, groups and segments, and which rules join them',
    arguments: '[path...]',
    takes: 'paths',
    options: [],
    formats: ['text', 'json', 'dot', 'mermaid', 'svg'],
    help: 'Example: bulkhead graph policies -f svg -o policies.svg',
  },
  {
    name: 'flows',
    summary: 'list every allowed flow',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--by <unit>', 'one row for each owner (default), workload, group or class', GROUPINGS),
      option('--expand', 'the same as --by workload: replicas one by one'),
      option('--from <endpoint>', 'only flows from this workload, host, group, address or `internet`'),
      option('--to <endpoint>', 'only flows to it'),
    ],
    formats: ['text', 'json'],
    help: 'Example: bulkhead flows --by group --to shop.db',
  },
  {
    name: 'why',
    summary: 'say whether a flow is allowed, and which rules decide',
    arguments: '[flow...]',
    takes: 'nothing',
    options: [IN, option('--expect <verdict>', 'end with 1 unless this is the verdict', EXPECTATIONS)],
    formats: ['text', 'json'],
    help: [
      'A flow is three arguments or one in quotes; `-` alone reads flows from standard input, one a line.',
      '',
      'Examples:',
      '  bulkhead why web-01 db-01 tcp/5432',
      "  bulkhead why 'web-01 -> db-01 on tcp/5432' --in policies --expect deny",
      '  bulkhead why - < flows.txt',
    ].join('\n'),
  },
  {
    name: 'trace',
    summary: 'walk one packet through the fabric, and what comes back',
    arguments: '[flow...]',
    takes: 'nothing',
    options: [
      IN,
      option('--expect <disposition>', 'end with 1 unless the packet ends this way, such as `delivered`'),
      option(
        '--fail <thing>',
        'a host, site, router or `tunnel <-> tunnel` that has failed; may be repeated',
        null,
        true,
      ),
      option('-e, --eval <statement>', 'first make a change, such as `cut east <-> west`; may be repeated', null, true),
      option('--size <bytes>', 'the size of the IP packet'),
      option('--fragment', 'let routers cut it (IPv4)'),
      option('--ttl <hops>', 'how many routers it may meet'),
      option('--flags <flags>', 'what the first TCP packet is', TCP_FLAGS),
      option('--spoof <address>', 'send with another source address'),
      option('--encapsulation <kind>', 'what carries it between hosts', ENCAPSULATIONS),
    ],
    formats: ['text', 'json', 'mermaid', 'svg', 'pcap', 'traceflow'],
    help: [
      'A flow is three arguments or one in quotes; `-` alone reads flows from standard input, one a line.',
      '',
      'Examples:',
      '  bulkhead trace web-01 db-01 tcp/5432',
      '  bulkhead trace web-01 db-01 tcp/5432 -f pcap -o web.pcap',
      '  bulkhead trace web-01 db-01 tcp/5432 --fail esx-2 --expect unreachable-host',
      "  bulkhead trace web-01 db-01 tcp/5432 -e 'move db-01 to esx-2' -e 'fail host esx-1'",
    ].join('\n'),
  },
  {
    name: 'fabric',
    summary: 'show the control tables of the fabric (tables), or what is wrong with it (check)',
    arguments: '<view> [path...]',
    takes: 'paths',
    options: [option('--segment <id>', 'only this segment')],
    formats: ['text', 'json'],
    help: 'Example: bulkhead fabric tables policies --segment web-net',
  },
  {
    name: 'reach',
    summary: 'say what can be reached from somewhere, or from where, over chains of flows',
    arguments: '[question...]',
    takes: 'nothing',
    options: [
      IN,
      option('--hops <n>', 'chains of this many flows at most'),
      option('--cut', 'also find the fewest rules that contain it, were they to deny'),
    ],
    formats: ['text', 'json'],
    help: [
      'Chains go from workload to workload; they may begin or end at a host or outside.',
      '',
      'Examples:',
      '  bulkhead reach from web-01 --hops 2',
      '  bulkhead reach to shop.db tcp/5432',
      '  bulkhead reach from internet to shop.db --cut',
    ].join('\n'),
  },
  {
    name: 'path',
    summary: 'find the shortest chain of flows between two ends',
    arguments: '[question...]',
    takes: 'nothing',
    options: [
      IN,
      option('--hops <n>', 'chains of this many flows at most'),
      option('--expect <answer>', 'end with 1 unless this is the answer, with 3 if it is not known', PATH_EXPECTATIONS),
    ],
    formats: ['text', 'json'],
    help: ['Example: bulkhead path internet shop.db --expect none'].join('\n'),
  },
  ...CHANGE_COMMANDS,
  {
    name: 'test',
    summary: 'run the policy tests',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--run <name>', 'only tests whose name contains this'),
      option('--require-tests', 'fail where there are no tests at all'),
      option('--coverage', 'show which rules, defaults and ways of denying the tests exercise'),
      option('--mutate', 'change the policies in small ways, and show which changes no test notices'),
      option('--at-least <percent>', 'with --coverage or --mutate: end with 1 below this share'),
    ],
    formats: ['text', 'json', 'sarif', 'junit', 'github', 'gitlab', 'lcov', 'annotated', 'html'],
    help: [
      'Ends with 1 if a test failed. Coverage is also written as lcov, annotated and html.',
      '',
      'Examples:',
      '  bulkhead test --coverage -f html -o coverage.html',
      '  bulkhead test --mutate --at-least 90',
    ].join('\n'),
  },
  {
    name: 'lint',
    summary: 'find rules that do nothing, or more than they should, each with a flow that shows it',
    arguments: '[path...]',
    takes: 'paths',
    options: [
      option('--fix', 'mend what can be mended without a change to any flow'),
      option('--baseline <path>', 'the file of findings that are put up with', 'path'),
      option('--write-baseline', 'write all findings there, and show none'),
      option('--until <date>', 'the last day of the baseline that is written: 90 days from now unless given'),
    ],
    formats: ['text', 'json', 'sarif', 'junit', 'github', 'gitlab'],
    help: [
      'Ends with 1 if an error was found, or with --strict a warning. Severities are set in bulkhead.yaml under `lint`.',
      '',
      'A comment answers for a finding on its line, or on the next:',
      '  // bulkhead-ignore lint/over-broad until 2027-01-31: the partner moves in January',
    ].join('\n'),
  },
  ...PIPELINE_COMMANDS,
  ...SERVER_COMMANDS,
  {
    name: 'import',
    summary: 'write manifests and dumps as policies and an inventory',
    arguments: '[path...]',
    takes: 'paths',
    options: [],
    formats: ['text', 'json'],
    help: [
      'The result is read back and compared first: it allows the same flows, or nothing is written.',
      '',
      'Example: bulkhead import manifests/ -o policies/cluster',
    ].join('\n'),
  },
  {
    name: 'explain',
    summary: 'explain a diagnostic code such as check/unknown-group',
    arguments: '[code]',
    takes: 'codes',
    options: [],
    formats: ['text'],
    help: 'Without a code, lists all of them.',
  },
  {
    name: 'completion',
    summary: 'print a completion script for a shell: bash, zsh or fish',
    arguments: '<shell>',
    takes: 'shells',
    options: [],
    formats: ['text'],
    help: [
      'bash: source <(bulkhead completion bash)',
      'zsh:  bulkhead completion zsh > a folder of fpath, as _bulkhead',
      'fish: bulkhead completion fish > ~/.config/fish/completions/bulkhead.fish',
    ].join('\n'),
  },
  {
    name: 'version',
    summary: 'print the version',
    arguments: '',
    takes: 'nothing',
    options: [],
    formats: ['text', 'json'],
    help: '',
  },
];
