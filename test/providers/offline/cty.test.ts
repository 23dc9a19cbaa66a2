import { encode as pack, ExtData } from '@msgpack/msgpack';
import fc from 'fast-check';
import { type CtyType } from '../../../providers/offline/schema/model';
import { canonical, decodeValue, Dynamic, encodeValue, isWhollyKnown, UNKNOWN, Unknown, type Value, valueFromJson } from '../../../providers/offline/wire/cty';

const name = fc.stringMatching(/^[a-z_]{1,8}$/);

const type: fc.Arbitrary<CtyType> = fc.letrec<{ type: CtyType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<CtyType>('string', 'number', 'bool', 'dynamic'),
    fc.tuple(fc.constantFrom('list' as const, 'set' as const, 'map' as const), tie('type')),
    fc.tuple(fc.constant('tuple' as const), fc.array(tie('type'), { maxLength: 3 }) as fc.Arbitrary<CtyType[]>),
    fc.tuple(fc.constant('object' as const), fc.dictionary(name, tie('type'), { maxKeys: 4, noNullPrototype: true })),
  ),
})).type;

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)), fc.bigInt({ min: 2n ** 64n }).map(String));

function valueOf(of: CtyType): fc.Arbitrary<Value> {
  const known = ((): fc.Arbitrary<Value> => {
    if (of === 'string') return fc.string({ unit: 'grapheme' });
    if (of === 'bool') return fc.boolean();
    if (of === 'number') return number;
    if (of === 'dynamic') return fc.constantFrom<CtyType>('string', ['list', 'bool']).chain((inner) => valueOf(inner).map((value) => new Dynamic(inner, value)));
    if (of[0] === 'object') return fc.record(Object.fromEntries(Object.entries(of[1]).map(([key, member]) => [key, valueOf(member)])), { noNullPrototype: true });
    if (of[0] === 'map') return fc.dictionary(name, valueOf(of[1]), { maxKeys: 3, noNullPrototype: true });
    if (of[0] === 'tuple') return fc.tuple(...of[1].map(valueOf));
    return fc.array(valueOf(of[1]), { maxLength: 3 });
  })();
  return fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant(UNKNOWN) });
}

const typed = type.chain((of) => valueOf(of).map((value) => ({ of, value })));

describe('values on the wire', () => {
  test('come back as they went', () => {
    fc.assert(fc.property(typed, ({ of, value }) => expect(decodeValue(encodeValue(value, of), of)).toEqual(value)), { numRuns: 300 });
  });

  test('equal values have equal canonical texts, and a set has no order', () => {
    fc.assert(fc.property(type.chain((of) => fc.array(valueOf(of), { maxLength: 4 }).map((members) => ({ of, members }))), ({ of, members }) => {
      const reversed = [...members].reverse();
      expect(canonical(reversed, ['set', of])).toBe(canonical(members, ['set', of]));
      expect(canonical(decodeValue(encodeValue(members, ['list', of]), ['list', of]), ['list', of])).toBe(canonical(members, ['list', of]));
    }), { numRuns: 200 });
  });

  test('lists that differ in order differ', () => {
    expect(canonical(['a', 'b'], ['list', 'string'])).not.toBe(canonical(['b', 'a'], ['list', 'string']));
  });

  test('unknown is extension 0, as Terraform writes it', () => {
    expect([...encodeValue(UNKNOWN, 'string')]).toEqual([0xd4, 0, 0]);
  });

  test('what Terraform says about an unknown value is handed back', () => {
    const refined = pack(new ExtData(12, new Uint8Array([0x81, 1, 0xc2])));
    const value = decodeValue(refined, 'string');
    expect(value).toBeInstanceOf(Unknown);
    expect([...encodeValue(value, 'string')]).toEqual([...refined]);
  });

  test('numbers beyond 2^53 keep all digits', () => {
    const bytes = pack(9007199254740993n, { useBigInt64: true });
    expect(decodeValue(bytes, 'number')).toBe('9007199254740993');
    expect(decodeValue(pack(42n, { useBigInt64: true }), 'number')).toBe(42);
  });

  test('an object gets all its members, absent ones as null', () => {
    const of: CtyType = ['object', { a: 'string', b: 'number' }];
    expect(decodeValue(encodeValue({ a: 'x' }, of), of)).toEqual({ a: 'x', b: null });
  });

  test.each<[CtyType, unknown, string]>([
    ['string', 1, 'the value is not a string'],
    [['list', 'bool'], [true, 'x'], '[1] is not a bool'],
    [['object', { a: ['set', 'string'] }], { a: 'x' }, '.a is not a set'],
  ])('a value of another type than %j is refused with its place', (of, raw, message) => {
    expect(() => decodeValue(pack(raw), of)).toThrow(message);
  });

  test('known means known all the way down', () => {
    expect(isWhollyKnown({ a: ['x', { b: null }] })).toBe(true);
    expect(isWhollyKnown({ a: ['x', { b: UNKNOWN }] })).toBe(false);
  });

  test('a state of another version loses what is no more and gains nulls', () => {
    expect(valueFromJson({ old: 1, ports: ['443'] }, ['object', { ports: ['list', 'number'], added: 'string' }])).toEqual({ ports: ['443'], added: null });
  });
});
