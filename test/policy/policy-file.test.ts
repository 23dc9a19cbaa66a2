import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicyFile } from '../../blueprints/policy/load';
import { lockPath, lockText, writeLock } from '../../blueprints/policy/slots';
import { REST, TODAY, withHost } from './policies';

const TEXT = `organization: acme${REST}`;

describe('a policy file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
    file = join(folder, 'egress.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const problems = (path = file) => {
    const result = loadPolicyFile(path, { today: TODAY });
    return result.ok ? [] : result.problems.map(({ code, file: name, line, column }) => [code, name, `${line}:${column}`]);
  };

  it('that is not there', () => {
    expect(problems()).toEqual([['file-missing', file, '1:1']]);
    expect(problems(join(folder, 'no', 'folder.yaml'))).toEqual([['file-missing', expect.any(String), '1:1']]);
  });

  it('that is a folder', () => {
    mkdirSync(file);
    expect(problems()).toEqual([['file-is-directory', expect.any(String), '1:1']]);
  });

  it('that is a device', () => {
    expect(problems('/dev/null')).toEqual([['file-unreadable', expect.any(String), '1:1']]);
  });

  it('that may not be read', () => {
    writeFileSync(file, TEXT);
    chmodSync(file, 0);
    // The superuser reads everything.
    if (process.getuid?.() !== 0) expect(problems()).toEqual([['file-unreadable', expect.any(String), '1:1']]);
  });

  it('that is too large', () => {
    writeFileSync(file, '');
    truncateSync(file, 17 * 1024 * 1024);
    expect(problems()).toEqual([['file-too-large', expect.any(String), '1:1']]);
  });

  it('that is not UTF-8', () => {
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x6f, 0x00]));
    expect(problems()).toEqual([['file-encoding', expect.any(String), '1:1']]);
    writeFileSync(file, Buffer.from(TEXT.replace('name: prod', 'name: pröd'), 'latin1'));
    expect(problems()).toEqual([['file-encoding', expect.any(String), '8:13']]);
  });

  it.each([['a byte order mark', `\uFEFF${TEXT}`], ['line ends of Windows', TEXT.replaceAll('\n', '\r\n')], ['line ends of old Macs', TEXT.replaceAll('\n', '\r')]])('with %s is that policy', (_, text) => {
    writeFileSync(file, TEXT);
    const expected = loadPolicyFile(file, { today: TODAY });
    writeFileSync(file, text);
    expect(loadPolicyFile(file, { today: TODAY })).toEqual(expected);
    expect(expected.ok).toBe(true);
  });

  it('that is fine has no lock at first, and nothing is written', () => {
    writeFileSync(file, TEXT);
    const result = loadPolicyFile(file, { today: TODAY });
    expect(result).toMatchObject({ ok: true, lockChanged: true, lock: { version: 1, zones: { 'aws-prod': { 'us-east-1a': 0 } } } });
    expect(readdirSync(folder)).toEqual(['egress.yaml']);
  });

  it('keeps to its lock', () => {
    writeFileSync(file, TEXT);
    const first = loadPolicyFile(file, { today: TODAY });
    if (!first.ok) throw new Error('not ok');
    const moved = { ...first.lock, segments: { ...first.lock.segments, app: 63 }, zones: { 'aws-prod': { 'us-east-1a': 3, 'us-east-1b': 1, 'us-east-1c': 2 } } };
    writeLock(lockPath(file), moved);
    expect(readdirSync(folder)).toEqual(['egress.lock.json', 'egress.yaml']);
    const second = loadPolicyFile(file, { today: TODAY });
    expect(second).toMatchObject({ ok: true, lockChanged: false, lock: moved });
    if (!second.ok) throw new Error('not ok');
    expect(second.policy.segments.find(({ name }) => name === 'app')?.slot).toBe(63);
    expect(second.policy.environments[0]?.aws?.zones[0]).toEqual({ name: 'us-east-1a', slot: 3 });
    expect(readFileSync(lockPath(file), 'utf8')).toBe(lockText(second.lock));
  });

  it('drops from the lock what is gone', () => {
    writeFileSync(file, TEXT);
    writeFileSync(lockPath(file), '{"version":1,"segments":{"gone":7},"zones":{"aws-old":{"eu-west-1a":0},"aws-prod":{"us-east-1f":3}}}');
    const result = loadPolicyFile(file, { today: TODAY });
    expect(result).toMatchObject({ ok: true, lockChanged: true });
    expect(JSON.stringify(result.ok && result.lock)).not.toMatch(/gone|old|us-east-1f/);
  });

  it.each([
    ['a merge conflict', '{\n  "version": 1,\n<<<<<<< ours\n  "segments": {"a": 4},\n=======\n  "segments": {"b": 4},\n>>>>>>> theirs\n  "zones": {}\n}\n', 'lock-syntax', '3:1'],
    ['a word', 'hello', 'lock-shape', '1:1'],
    ['nothing', '', 'lock-shape', '1:1'],
    ['another version', '{"version": 2, "segments": {}, "zones": {}}', 'lock-version', '1:13'],
    ['a slot of the infrastructure', '{"version":1,"segments":{"app":3},"zones":{}}', 'lock-slot', '1:32'],
    ['a slot beyond the last', '{"version":1,"segments":{"app":64},"zones":{}}', 'lock-slot', '1:32'],
    ['half a slot', '{"version":1,"segments":{"app":4.5},"zones":{}}', 'lock-shape', '1:32'],
    ['a fifth zone', '{"version":1,"segments":{},"zones":{"aws-prod":{"us-east-1a":4}}}', 'lock-slot', '1:62'],
    ['a slot twice', '{"version":1,"segments":{"app":5,"jobs":5},"zones":{}}', 'lock-duplicate-slot', '1:41'],
    ['a zone slot twice', '{"version":1,"segments":{},"zones":{"aws-prod":{"us-east-1a":1,"us-east-1b":1}}}', 'lock-duplicate-slot', '1:77'],
    ['a key too many', '{"version":1,"segments":{},"zones":{},"x":1}', 'lock-shape', '1:1'],
    ['a name twice', '{"version":1,"segments":{"app":5,"app":6},"zones":{}}', 'lock-syntax', '1:34'],
  ])('whose lock holds %s', (_, lock, code, place) => {
    writeFileSync(file, TEXT);
    writeFileSync(lockPath(file), lock);
    expect(problems()).toContainEqual([code, lockPath(file), place]);
  });

  it('reports problems of the lock and of the policy together', () => {
    writeFileSync(file, withHost('"*"'));
    writeFileSync(lockPath(file), '{}');
    expect(problems().map(([code]) => code)).toEqual(expect.arrayContaining(['lock-version', 'lock-shape', 'host-wildcard-all']));
  });

  it('whose lock is a folder', () => {
    writeFileSync(file, TEXT);
    mkdirSync(lockPath(file));
    expect(problems()).toEqual([['lock-unreadable', lockPath(file), '1:1']]);
  });

  it('leaves no part of a lock behind that could not be written', () => {
    mkdirSync(lockPath(file));
    expect(() => writeLock(lockPath(file), { version: 1, segments: {}, zones: {} })).toThrow();
    expect(readdirSync(folder)).toEqual(['egress.lock.json']);
  });
});
