/** Azure's own evaluation order, put to the synthesized stacks: a table of probes, and what options change in it. */
import { mutations } from '../../contract/azure.observer';
import { ask } from '../../contract/azure/evaluation/probe';
import { OPTION_MUTATIONS } from '../../contract/azure/mutations-options';
import { PROBES } from '../../contract/azure/probes';
import { subjectOf } from '../../contract/expectation';
import { OPTIONS } from './options';
import { policyText, SEALED, synthesizeAzure, type AzureSynthesis } from './synthesis';

const made = new Map<string, AzureSynthesis>();
const synthesis = (text: string) => {
  if (!made.has(text)) made.set(text, synthesizeAzure(text));
  return made.get(text)!;
};
const asking = (text: string, mutate: (stack: any) => void = () => undefined) => {
  const { policy, json } = synthesis(text);
  const stack = json();
  mutate(stack);
  return ask(stack, subjectOf(policy, 'prod', 'azure'));
};

test('every probe of the table has its verdict', () => {
  const answer = asking(policyText());
  expect(Object.fromEntries(PROBES.map(([probe]) => [probe, answer(probe)]))).toEqual(Object.fromEntries(PROBES));
});

test.each(mutations.map((mutation) => [mutation.name, mutation] as const))('a probe notices: %s', (_, mutation) => {
  const answer = asking(policyText(), mutation.mutate);
  expect(PROBES.find(([probe, verdict]) => answer(probe) !== verdict)).toBeDefined();
});

test('without hosts, nothing leads out', () => {
  const answer = asking(SEALED);
  for (const segment of ['ledger', 'payments', 'platform', 'reporting']) {
    expect(answer(`next hop in ${segment} for 8.8.8.8`)).toBe('none');
    expect(answer(`${segment} -> tls api.stripe.com:443`)).toBe('denied outbound by deny-all-outbound');
    expect(answer(`${segment} resolves x.evil.example`)).toBe('public answer by Azure');
  }
});

/** What an option changes, and what it must not. */
const BY_OPTION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  premium: {
    'payments -> tls api.stripe.com:443': 'out by the firewall: allow-hosts/tls-443, TLS opened, by a NAT gateway',
    'platform -> http deb.debian.org:80': 'out by the firewall: allow-hosts/http-80, by a NAT gateway',
    'payments -> tls evil-stripe.com:443': 'denied by the firewall: deny-all/deny-all',
    'payments -> tls malware.example:443': 'denied by the firewall: threat intelligence',
    'payments resolves api.stripe.com': 'public answer by the firewall',
    'platform resolves registry-1.docker.io': 'public answer by the firewall',
    'ledger resolves acme.blob.core.windows.net': 'private answer by the firewall',
    'payments resolves acme.vault.azure.net': 'private answer by the firewall',
    'payments resolves secret.data.evil.example': 'blocked by the DNS policy, asked by the firewall',
    'ledger resolves api.stripe.com.evil.example': 'blocked by the DNS policy, asked by the firewall',
    'public address in payments': 'no public address',
    'record of flows in the spoke': 'archived for 180 days, analysed every 60 minutes',
  },
  kubernetes: {
    'platform -> tls mcr.microsoft.com:443': 'out by the firewall: allow-kubernetes/kubernetes',
    'platform -> tls store.policy.core.windows.net:443': 'out by the firewall: allow-kubernetes/add-ons-tls',
    'platform -> http security.ubuntu.com:80': 'out by the firewall: allow-kubernetes/add-ons-http',
    'platform -> tls nvidia.github.io:443': 'denied by the firewall: deny-all/deny-all',
    'payments -> tls mcr.microsoft.com:443': 'denied by the firewall: deny-all/deny-all',
    'platform -> tcp platform:10250': 'delivered',
    'platform -> udp platform:4789': 'delivered',
    'stranger -> tcp platform:10250': 'denied inbound by deny-all-inbound',
    'balancer -> tcp platform:10256': 'delivered',
    'balancer -> tcp platform:22': 'denied inbound by deny-all-inbound',
    'platform resolves x.evil.example': 'public answer by the firewall, recorded',
    'platform -> udp 8.8.8.8:1194': 'denied outbound by deny-all-outbound',
  },
  storage: {
    'reporting -> tcp 20.60.0.1:443': 'to the listed accounts by a service endpoint',
    'platform -> tcp 20.60.0.1:443': 'to the listed accounts by a service endpoint',
    'reporting -> tcp 20.60.0.1:22': 'denied outbound by deny-all-outbound',
    'ledger -> tcp 20.60.0.1:443': 'denied outbound by deny-all-outbound',
    'reporting -> tcp 8.8.8.8:443': 'dropped by the route',
    'access from outside to the workspace': 'elsewhere',
    'ledger -> tcp metadata:80': 'denied outbound by deny-metadata',
    'reporting -> tcp metadata:80': 'answered by Azure',
  },
  basic: {
    'payments -> tls api.stripe.com:443': 'out by the firewall: allow-hosts/tls-443',
    'payments -> tls malware.example:443': 'denied by the firewall: deny-all/deny-all',
    'payments resolves api.stripe.com': 'public answer by Azure',
    'payments resolves acme.blob.core.windows.net': 'private answer by Azure',
    'payments -> udp hub:53': 'denied outbound by deny-all-outbound',
  },
  tunnel: {
    'payments -> tls api.stripe.com:443': 'out by the firewall: allow-hosts/tls-443, sent on to 10.200.0.4',
    'payments -> tls evil-stripe.com:443': 'denied by the firewall: deny-all/deny-all',
    'ledger -> tcp 8.8.8.8:443': 'denied outbound by deny-all-outbound',
  },
  'hub-of-others': {
    'payments -> tls api.stripe.com:443': 'sent to 10.0.0.4',
    'payments -> tcp 8.8.8.8:25': 'denied outbound by deny-all-outbound',
    'ledger -> tcp 8.8.8.8:443': 'denied outbound by deny-all-outbound',
    'ledger resolves x.evil.example': 'blocked by the DNS policy, asked by Azure',
    'payments resolves acme.blob.core.windows.net': 'private answer by Azure',
  },
  'hub-and-spoke': {
    'payments -> tls api.stripe.com:443': 'sent to 10.0.0.4',
    'payments -> tcp ledger:5432': 'delivered',
    'edge -> tcp ledger:5432': 'denied outbound by deny-all-outbound',
    'stranger -> tcp ledger:5432': 'denied inbound by deny-all-inbound',
    'ledger -> tcp 8.8.8.8:443': 'denied outbound by deny-all-outbound',
    'next hop in ledger for 8.8.8.8': 'none',
    'internet -> tcp edge:443': 'in, and answered',
  },
};

test.each(Object.entries(BY_OPTION))('%s', (option, verdicts) => {
  const answer = asking(OPTIONS[option]!);
  expect(Object.fromEntries(Object.keys(verdicts).map((probe) => [probe, answer(probe)]))).toEqual(verdicts);
});

test.each(OPTION_MUTATIONS.map((mutation) => [`${mutation.option}: ${mutation.name}`, mutation] as const))('a probe notices: %s', (_, { option, mutate }) => {
  const answer = asking(OPTIONS[option]!, mutate);
  const verdicts = Object.entries(BY_OPTION[option]!);
  expect(verdicts.find(([probe, verdict]) => answer(probe) !== verdict)).toBeDefined();
});
