/** One run of Suricata over one capture. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcap } from '../packets/pcap';
import { actionOrder, configuration } from './config';
import { defaultActionRules, defaultDrop, type DefaultDrop } from './default-actions';
import type { Firewall } from './firewall';
import { commandOf, findSuricata, type Installation } from './installation';

/** A rule that came up in the log. */
export interface Alert {
  /** The packet's place in the capture, from 0. */
  readonly packet: number;
  readonly message: string;
  /** Whether the packet went on. */
  readonly allowed: boolean;
}

export interface Outcome {
  /** Places of the packets that did not go on, from 0. */
  readonly dropped: ReadonlySet<number>;
  readonly alerts: readonly Alert[];
}

/** What the engine says about rules: everything at the level of a warning or worse. */
export interface Loading {
  readonly complaints: readonly string[];
  readonly seconds: number;
}

/** The installation that the global setup left. @throws Error when there is none. */
function installation(): Installation {
  const found = findSuricata(false);
  if (!found.ok) throw new Error(found.reason);
  return found.installation;
}

/** Whether packets go on, by the firewall's rules and its default actions, or by another reading of these. */
export function inspect(firewall: Firewall, frames: readonly Buffer[], drop: DefaultDrop = defaultDrop(firewall.defaultActions)): Outcome {
  return inFolder((folder, seen) => {
    prepare(folder, firewall, drop);
    writeFileSync(join(folder, 'corpus.pcap'), pcap(frames));
    suricata(seen, ['-r', `${seen}/corpus.pcap`, '--simulate-ips', '--runmode', 'single', '-k', 'all'], folder);
    const events = readFileSync(join(folder, 'eve.json'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as EveEvent);
    return {
      dropped: new Set(events.filter((event) => event.event_type === 'drop').map((event) => event.pcap_cnt - 1)),
      alerts: events.filter((event) => event.event_type === 'alert')
        .map((event) => ({ packet: event.pcap_cnt - 1, message: event.alert!.signature, allowed: event.verdict?.action !== 'drop' })),
    };
  });
}

/** Loads the rules and nothing else. */
export function load(firewall: Firewall): Loading {
  return inFolder((folder, seen) => {
    prepare(folder, firewall, defaultDrop(firewall.defaultActions));
    const start = Date.now();
    suricata(seen, ['-T', '--simulate-ips'], folder);
    return { complaints: complaints(folder), seconds: (Date.now() - start) / 1_000 };
  });
}

interface EveEvent {
  readonly event_type: string;
  readonly pcap_cnt: number;
  readonly alert?: { readonly signature: string };
  readonly verdict?: { readonly action: string };
}

function prepare(folder: string, firewall: Firewall, drop: DefaultDrop): void {
  const rules = [...firewall.rules, ...defaultActionRules(drop)];
  writeFileSync(join(folder, 'suricata.yaml'), configuration(firewall, actionOrder(firewall.rules)));
  writeFileSync(join(folder, 'firewall.rules'), rules.map((rule) => `${rule}\n`).join(''));
}

/** @throws Error with the engine's own words when it ends badly or has anything to object to. */
function suricata(seen: string, more: readonly string[], folder: string): void {
  const common = ['-c', `${seen}/suricata.yaml`, '-S', `${seen}/firewall.rules`, '-l', seen, '--init-errors-fatal', '--strict-rule-keywords=all'];
  const { command, args } = commandOf(installation(), [...common, ...more]);
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status !== 0) throw new Error(`suricata ended with ${result.status}:\n${[...complaints(folder), result.stderr].join('\n').slice(0, 4_000)}`);
}

function complaints(folder: string): readonly string[] {
  const file = join(folder, 'suricata.log');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as { log_level: string; engine: { message: string } });
  return lines.filter((line) => !['Notice', 'Info'].includes(line.log_level)).map((line) => `${line.log_level}: ${line.engine.message}`);
}

/** A folder of its own, by its path here and by the path that the engine sees. */
function inFolder<T>(use: (folder: string, seen: string) => T): T {
  const { root } = installation();
  const parent = root ? join(root, 'tmp') : tmpdir();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'conformance-'));
  try {
    return use(folder, root ? folder.slice(root.length) : folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
