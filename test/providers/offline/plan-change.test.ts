import { planCreate, planUpdate } from '../../../providers/offline/change/plan-change';
import { type Attribute, type Block } from '../../../providers/offline/schema/model';
import { UNKNOWN } from '../../../providers/offline/wire/cty';

const attribute = (flags: Partial<Attribute>): Attribute => ({ type: 'string', required: false, optional: false, computed: false, sensitive: false, ...flags });

const RULE: Block = { attributes: { port: attribute({ required: true, type: 'number' }), id: attribute({ computed: true }) }, blocks: {} };

const GROUP: Block = {
  attributes: {
    id: attribute({ computed: true, optional: true }),
    name: attribute({ required: true }),
    note: attribute({ optional: true }),
    status: attribute({ computed: true }),
    options: attribute({
      optional: true,
      type: ['list', ['object', { name: 'string', key: 'string' }]],
      nested: { mode: 'list', attributes: { name: attribute({ required: true }), key: attribute({ computed: true }) } },
    }),
  },
  blocks: {
    rule: { mode: 'set', minItems: 0, maxItems: 0, block: RULE },
    step: { mode: 'list', minItems: 0, maxItems: 0, block: RULE },
  },
};

const proposed = { id: null, name: 'a', note: null, status: null, options: [{ name: 'x', key: null }], rule: [{ port: 443, id: null }], step: [{ port: 1, id: null }] };
const prior = { id: 'g-1', name: 'a', note: null, status: 'ok', options: [{ name: 'x', key: 'k' }], rule: [{ port: 443, id: 'r-1' }], step: [{ port: 1, id: 's-1' }] };

describe('a plan to create', () => {
  test('leaves to the provider what is computed and not configured, in blocks and nested attributes too', () => {
    expect(planCreate(GROUP, proposed)).toEqual({
      id: UNKNOWN, name: 'a', note: null, status: UNKNOWN, options: [{ name: 'x', key: UNKNOWN }], rule: [{ port: 443, id: UNKNOWN }], step: [{ port: 1, id: UNKNOWN }],
    });
  });

  test('keeps a computed value that is configured', () => {
    expect(planCreate(GROUP, { ...proposed, id: 'mine' })).toMatchObject({ id: 'mine' });
  });
});

describe('a plan to update', () => {
  test('is the prior state itself when only the order of a set differs', () => {
    const two = { ...prior, rule: [...prior.rule, { port: 80, id: 'r-2' }] };
    expect(planUpdate(GROUP, two, { ...two, rule: [...two.rule].reverse() })).toBe(two);
  });

  test('keeps computed values, and asks for those of new blocks only', () => {
    const changed = { ...prior, note: 'new', rule: [...prior.rule, { port: 80, id: null }], step: [...prior.step, { port: 2, id: null }] };
    expect(planUpdate(GROUP, prior, changed)).toEqual({
      ...changed, rule: [{ port: 443, id: 'r-1' }, { port: 80, id: UNKNOWN }], step: [{ port: 1, id: 's-1' }, { port: 2, id: UNKNOWN }],
    });
  });

  test('a computed value that never came stays absent', () => {
    const without = { ...prior, status: null };
    expect(planUpdate(GROUP, without, { ...without, note: 'new' })).toMatchObject({ status: null });
  });

  test('values that follow a changed block are known after apply, others are not touched', () => {
    const follows = { status: ['step'] };
    expect(planUpdate(GROUP, prior, { ...prior, step: [{ port: 2, id: 's-1' }] }, follows)).toMatchObject({ status: UNKNOWN });
    expect(planUpdate(GROUP, prior, { ...prior, note: 'new' }, follows)).toMatchObject({ status: 'ok' });
  });
});
