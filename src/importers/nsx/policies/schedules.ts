// The schedule of a policy → the window in which its rules hold, and the instant from which they no longer do.
// What a window cannot say (a first day, several intervals a day, the local time of each host) makes the policy one that
// is known only in part, inside the window that is known.
import { type Instant, type Weekday, type Window, weekdays } from '../../../model/time.ts';
import { quote } from '../../../net/address.ts';
import { type Collected, lastStep, withoutDuplicates } from '../read/collected.ts';
import { checkFields } from '../read/fields.ts';
import {
  fieldOf,
  optionalFlagAt,
  type RecordNode,
  recordsAt,
  spanOf,
  type TextNode,
  textAt,
  textNodeAt,
  textsAt,
} from '../read/node.ts';
import type { Problems } from '../read/problems.ts';

export interface Schedule {
  readonly window: Window | null;
  readonly until: Instant | null;
  /** Why it may not hold although its window is open; null: it does. */
  readonly opaque: string | null;
}

export const ALWAYS: Schedule = { window: null, until: null, opaque: null };

const DAY_MINUTES = 24 * 60;
const DAY_MILLISECONDS = DAY_MINUTES * 60 * 1000;

/** Gives the schedule of a path; one that is not in the dump is reported, and may hold or not at any time. */
export function readSchedules(problems: Problems, collected: Collected): (path: TextNode) => Schedule {
  const schedules = new Map(
    withoutDuplicates(problems, 'schedule', collected.schedulers).map(({ node, path }) => [
      path,
      readSchedule(problems, node),
    ]),
  );
  return (path) => {
    const known = schedules.get(path.value);
    if (known !== undefined) return known;
    problems.report(
      'warning',
      'nsx/unknown-reference',
      `the schedule ${quote(path.value)} is not in the dump`,
      spanOf(path),
      {
        help: 'flows that the rules of its policy decide are answered as unknown',
      },
    );
    return { ...ALWAYS, opaque: `the schedule ${quote(lastStep(path.value))} is not known` };
  };
}

function readSchedule(problems: Problems, node: RecordNode): Schedule {
  checkFields(problems, node, 'PolicyFirewallScheduler');
  const reasons: string[] = [];
  const zone = textAt(problems, node, 'timezone') ?? 'UTC';
  if (zone !== 'UTC') reasons.push('its times are local to each host');
  const start = textAt(problems, node, 'start_date');
  if (start !== null) reasons.push(`it starts on ${start}`);
  const recurring = optionalFlagAt(problems, node, 'recurring') ?? true;
  const startTime = textAt(problems, node, 'start_time');
  const endTime = textAt(problems, node, 'end_time');
  const until = readEnd(problems, node, recurring ? null : endTime, reasons);
  if (!recurring && startTime !== null && start === null) reasons.push(`it starts at ${startTime}`);
  const window = recurring && zone === 'UTC' ? readWindow(problems, node, reasons) : null;
  const name = textAt(problems, node, 'display_name') ?? textAt(problems, node, 'id') ?? '';
  const opaque =
    reasons.length === 0 ? null : `the schedule ${quote(name)} is known only in part: ${reasons.join('; ')}`;
  if (opaque !== null) {
    problems.report('note', 'nsx/part-unknown', opaque, spanOf(node), {
      help: 'flows that the rules of its policies decide are answered as unknown while it may hold',
    });
  }
  // An instant of another zone than UTC is known to a day at best.
  return { window, until: zone === 'UTC' ? until : null, opaque };
}

function readWindow(problems: Problems, node: RecordNode, reasons: string[]): Window | null {
  const named = textsAt(problems, node, 'days') ?? [];
  const days = named.map((text) => dayOf(text.value));
  if (days.includes(null)) reasons.push(`${quote(named[days.indexOf(null)]?.value ?? '')} is not a day`);
  const intervals = recordsAt(problems, node, 'time_interval');
  const [interval] = intervals;
  if (intervals.length > 1) reasons.push('it has several intervals a day');
  const start = interval === undefined ? 0 : readMinutes(textAt(problems, interval, 'start_interval'));
  const end = interval === undefined ? DAY_MINUTES : readMinutes(textAt(problems, interval, 'end_interval'));
  if (start === null || end === null) reasons.push('its interval is not understood');
  if (start === null || end === null || intervals.length > 1 || days.includes(null)) return null;
  if (named.length === 0 && interval === undefined) return null;
  const open = days.length === 0 ? [...weekdays] : weekdays.filter((day) => days.includes(day));
  return { days: open, start, end, zone: 'UTC', text: `${open.join(',')} ${clock(start)}-${clock(end)} UTC` };
}

function dayOf(name: string): Weekday | null {
  return weekdays.find((day) => /^[A-Z]{6,9}$/.test(name) && name.startsWith(day.toUpperCase())) ?? null;
}

function readMinutes(text: string | null): number | null {
  const match = /^([0-9]{1,2}):([0-9]{2})$/.exec(text ?? '');
  const minutes = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
  return minutes <= DAY_MINUTES && Number(match?.[2]) < 60 ? minutes : null;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** The end of the last day, or the time given on it, in UTC; dates are written `MM/DD/YYYY`. */
function readEnd(problems: Problems, node: RecordNode, time: string | null, reasons: string[]): Instant | null {
  const text = textNodeAt(problems, node, 'end_date');
  if (text === null) return null;
  const match = /^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})$/.exec(text.value);
  const day = match === null ? Number.NaN : Date.UTC(Number(match[3]), Number(match[1]) - 1, Number(match[2]));
  const minutes = time === null ? DAY_MINUTES : readMinutes(time);
  if (Number.isNaN(day) || minutes === null) {
    reasons.push(`it ends on ${text.value}`);
    problems.report(
      'warning',
      'nsx/unknown-value',
      `${quote(text.value)} is not a date that is understood`,
      spanOf(fieldOf(node, 'end_date')),
      {
        help: 'expected is `MM/DD/YYYY`',
      },
    );
    return null;
  }
  return day + (minutes / DAY_MINUTES) * DAY_MILLISECONDS;
}
