import fc from 'fast-check';
import { assignSlots, lockPath, lockText, zoneLetterSlot } from '../../blueprints/policy/slots';

const range = { first: 4, count: 60 };
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const names = fc.uniqueArray(name, { maxLength: 60 });

describe('slots', () => {
  it('are given once each, from the range', () => {
    fc.assert(fc.property(names, (all) => {
      const slots = [...assignSlots(all, new Map(), range).values()];
      expect(new Set(slots).size).toBe(all.length);
      expect(slots.every((slot) => slot >= 4 && slot <= 63)).toBe(true);
    }));
  });

  it('do not depend on the order of names', () => {
    fc.assert(fc.property(names, names, (all, locked) => {
      const lock = assignSlots(locked, new Map(), range);
      expect(assignSlots([...all].reverse(), lock, range)).toEqual(assignSlots(all, lock, range));
    }));
  });

  it('with a lock never move when names come and go', () => {
    fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 50 }), fc.array(name, { maxLength: 5 }), fc.nat(10), (before, added, removed) => {
      const lock = assignSlots(before, new Map(), range);
      const kept = before.slice(removed);
      const after = assignSlots([...kept, ...added], lock, range);
      for (const each of kept) expect(after.get(each)).toBe(lock.get(each));
    }));
  });

  it('without a lock seldom move when one name is added', () => {
    const before = Array.from({ length: 8 }, (_, index) => `segment-${index}`);
    const slots = assignSlots(before, new Map(), range);
    const moved = Array.from({ length: 200 }, (_, index) => assignSlots([...before, `${index % 2 ? 'added' : 'team'}-${index}`], new Map(), range))
      .filter((after) => before.some((each) => after.get(each) !== slots.get(each)));
    expect(moved.length).toBeLessThan(25);
  });

  it('that are given back with the same change go to nobody while there is another', () => {
    const wanted = assignSlots(['newcomer'], new Map(), range).get('newcomer')!;
    expect(assignSlots(['newcomer'], new Map([['leaver', wanted]]), range).get('newcomer')).not.toBe(wanted);
    expect(assignSlots(['newcomer'], new Map(), range).get('newcomer')).toBe(wanted);
    fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 40 }), fc.array(name, { maxLength: 15 }), fc.nat(15), (before, added, removed) => {
      const lock = assignSlots(before, new Map(), range);
      const kept = before.slice(removed);
      const left = new Set(before.slice(0, removed).filter((each) => !added.includes(each)).map((each) => lock.get(each)));
      expect([...assignSlots([...kept, ...added], lock, range).values()].filter((slot) => left.has(slot))).toEqual([]);
    }));
  });

  it('that are given back are taken when there is no other', () => {
    const all = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const lock = assignSlots(all, new Map(), range);
    expect(assignSlots([...all.slice(1), 'newcomer'], lock, range).get('newcomer')).toBe(lock.get('s0'));
    expect(new Set(assignSlots(all.map((each) => `new-${each}`), lock, range).values()).size).toBe(60);
  });

  it('are as many as there are, and no more', () => {
    const all = Array.from({ length: 60 }, (_, index) => `s${index}`);
    expect([...assignSlots(all, new Map(), range).values()].sort((a, b) => a - b)).toEqual(all.map((_, index) => index + 4));
    expect(() => assignSlots([...all, 'one-more'], new Map(), range)).toThrow('61 names do not fit into 60 slots');
  });

  it('stay what they are from release to release', () => {
    // These numbers are addresses in somebody's network: a change of the hash would move them.
    expect([...assignSlots(['edge', 'ledger', 'payments', 'platform', 'reporting'], new Map(), range)]).toEqual([
      ['edge', 39], ['ledger', 35], ['payments', 5], ['platform', 10], ['reporting', 32],
    ]);
  });

  it('of zones go by letter, and beyond d where there is room', () => {
    const zones = { first: 0, count: 4, preferred: zoneLetterSlot };
    expect([...assignSlots(['us-east-1b', 'us-east-1a'], new Map(), zones)]).toEqual([['us-east-1a', 0], ['us-east-1b', 1]]);
    expect(new Set(assignSlots(['us-east-1a', 'us-east-1f', 'us-east-1e', 'us-east-1d'], new Map(), zones).values())).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe('the lock file', () => {
  it('lies beside the policy', () => {
    expect(['egress.yaml', 'a/other.yml', 'plain'].map(lockPath)).toEqual(['egress.lock.json', 'a/other.lock.json', 'plain.lock.json']);
  });

  it('is sorted', () => {
    expect(lockText({ version: 1, zones: { b: {}, a: { y: 1, x: 0 } }, segments: { z: 4, a: 5 } })).toBe(
      `${JSON.stringify({ version: 1, segments: { a: 5, z: 4 }, zones: { a: { x: 0, y: 1 }, b: {} } }, null, 2)}\n`,
    );
  });
});
