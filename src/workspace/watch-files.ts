// Says when the files that a command reads change. Folders are watched one by one: editors save by putting a new file in
// the place of the old, after which Node's recursive watching on Linux hears no more of it. What an event means is not
// asked: files are compared by time, size and identity, so that swap files and reads cause nothing. Where the system can
// watch no more, files are looked at every second instead, and that is said.
import { type FSWatcher, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { compareText } from '../base/order.ts';
import { displayName, kindOfPath, listFiles } from './files.ts';

/** Milliseconds in which changes count as one: an editor saves in several steps, git changes many files. */
const SETTLING = 120;
const POLLING = 1000;

export interface WatchRequest {
  /** Files and folders; asked again after each change, because what is read may have changed with it. */
  readonly paths: () => readonly string[];
  readonly cwd: string;
  /** Called with the names of files that were changed, made or deleted. Never twice at once. */
  readonly onChange: (names: readonly string[]) => Promise<void>;
  /** Called once if watching is not possible and files are looked at in turns. */
  readonly onPolling: () => void;
  /** How to watch a folder; as in Node.js unless given. Throws where it cannot. */
  readonly watchFolder?: (folder: string, onEvent: () => void) => Pick<FSWatcher, 'close' | 'on'>;
}

export interface Watching {
  close(): void;
}

/** Watches until it is closed. */
export function watchFiles(request: WatchRequest): Watching {
  const files = new FileWatch(request);
  files.start();
  return files;
}

/** What tells one state of a file from another. */
type States = ReadonlyMap<string, string>;

class FileWatch implements Watching {
  private readonly request: WatchRequest;
  private readonly watchers = new Map<string, Pick<FSWatcher, 'close'>>();
  private states: States = new Map();
  private settling: NodeJS.Timeout | null = null;
  private polling: NodeJS.Timeout | null = null;
  private isBusy = false;
  private isClosed = false;

  constructor(request: WatchRequest) {
    this.request = request;
  }

  start(): void {
    this.states = this.look();
  }

  close(): void {
    this.isClosed = true;
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
    if (this.settling !== null) clearTimeout(this.settling);
    if (this.polling !== null) clearInterval(this.polling);
  }

  /** Finds the files as they are now, and watches the folders that they are in. */
  private look(): States {
    const { cwd } = this.request;
    const states = new Map<string, string>();
    const folders = new Set<string>();
    for (const path of this.request.paths()) {
      if (kindOfPath(path) === 'folder') {
        folders.add(path);
        for (const file of listFiles(path, cwd, (folder) => folders.add(folder)).files) {
          states.set(file.name, stateOf(file.path));
        }
      } else {
        if (kindOfPath(dirname(path)) === 'folder') folders.add(dirname(path));
        states.set(displayName(path, cwd), stateOf(path));
      }
    }
    this.watchAll(folders);
    return states;
  }

  private watchAll(folders: ReadonlySet<string>): void {
    if (this.polling !== null || this.isClosed) return;
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    const watchFolder = this.request.watchFolder ?? ((folder, onEvent) => watch(folder, onEvent));
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue;
      try {
        const watcher = watchFolder(folder, () => this.settle());
        // A folder that goes away ends its watching; that it did is an event of the folder above.
        watcher.on('error', () => this.forget(folder));
        this.watchers.set(folder, watcher);
      } catch (reason) {
        if (kindOfPath(folder) === 'folder') {
          this.poll();
          return;
        }
        // Deleted since it was listed: the next look sees to it.
        if (!(reason instanceof Error)) throw reason;
      }
    }
  }

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
    this.settle();
  }

  private poll(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
    this.polling = setInterval(() => this.compare(), POLLING);
    this.request.onPolling();
  }

  private settle(): void {
    if (this.isClosed) return;
    if (this.settling !== null) clearTimeout(this.settling);
    this.settling = setTimeout(() => this.compare(), SETTLING);
  }

  private compare(): void {
    if (this.isBusy || this.isClosed) return;
    const before = this.states;
    this.states = this.look();
    const names = changedNames(before, this.states);
    if (names.length === 0) return;
    this.isBusy = true;
    this.request.onChange(names).finally(() => {
      this.isBusy = false;
      // What changed meanwhile had its event when nobody listened.
      this.settle();
    });
  }
}

function changedNames(before: States, after: States): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort(compareText);
}

function stateOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'missing' : `${stat.mtimeNs} ${stat.size} ${stat.ino}`;
}
