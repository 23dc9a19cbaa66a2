/** All options at once: the stack does what they say, and each control, once broken, is missed by name. */
import { googleStack } from '../../blueprints/google/stack';
import { fixture } from '../../fixtures/stacks';
import { subjectOf } from '../expectation';
import { observe } from '../google.observer';
import type { Observation } from '../observation';
import { mutations } from './mutations';
import { optionMutations } from './option-mutations';

const given = googleStack(fixture('google-options'));
const subject = subjectOf(given.policy, 'prod', 'google');
const sound = observe(given.stack(), subject);

test('every segment reaches what the policy says, through the proxy where it says so', () => {
  expect(sound.faults).toEqual([]);
  expect(sound.segments).toEqual({
    edge: { wayOut: 'none', hosts: [], peers: ['payments tcp/8000-8100', 'payments tcp/8443', 'reporting tcp/8443'], internetPorts: ['tcp/443', 'tcp/80'] },
    ledger: { wayOut: 'none', hosts: [], peers: [], internetPorts: [] },
    payments: {
      wayOut: 'controlled',
      hosts: ['tcp 151.101.1.69/32:22', 'tcp 151.101.64.0/24:22', 'tls api.stripe.com:443', 'tls status.stripe.com:443', 'tls status.stripe.com:8443'],
      peers: ['ledger tcp/5432', 'platform tcp/9090'],
      // A health check comes from where load balancers do: the preset admits both.
      internetPorts: ['tcp/8443'],
    },
    platform: {
      wayOut: 'controlled',
      hosts: ['http deb.debian.org:80', 'tls *.docker.io:443', 'tls status.stripe.com:443', 'tls status.stripe.com:8443'],
      peers: ['platform all/0-65535'],
      internetPorts: [],
    },
    reporting: { wayOut: 'none', hosts: [], peers: ['ledger tcp/5432'], internetPorts: [] },
  });
});

/** Ids of faults, and one for hosts that are others than before. */
function missed({ faults, segments }: Observation): readonly string[] {
  const hosts = (observation: Observation['segments']) => JSON.stringify(Object.values(observation).map((segment) => segment.hosts));
  return [...faults.map(({ id }) => id), ...(hosts(segments) === hosts(sound.segments) ? [] : ['hosts-differ'])];
}

test.each(optionMutations.filter(({ fault }) => fault !== 'deny-missing').map((mutation) => [mutation.name, mutation] as const))('caught: %s', (_, mutation) => {
  const stack = given.stack();
  const before = JSON.stringify(stack);
  mutation.mutate(stack);
  expect(JSON.stringify(stack)).not.toEqual(before);
  expect(missed(observe(stack, subject))).toContain(mutation.fault);
});

/** What the default has and these options take the place of. */
const NOT_HERE = /default route|restricted one|other address than|no route to the APIs|firewall rule at another|APIs on every port|a wildcard among/;

test.each(mutations.filter(({ name }) => !NOT_HERE.test(name)).map((mutation) => [mutation.name, mutation] as const))('with all options, still caught: %s', (_, mutation) => {
  const stack = given.stack();
  mutation.mutate(stack);
  expect(missed(observe(stack, subject))).toContain(mutation.fault);
});
