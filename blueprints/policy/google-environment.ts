/** An environment's part on Google Cloud: its fields and its canonical form. */
import * as z from 'zod';
import { blockText } from './cidr';
import { canonicalCluster } from './canonical-pods';
import { networkBlock, regionField } from './fields';
import type { GoogleOptions } from './google-model';
import { googleOptionFields, projectField } from './google-options';
import type { GoogleEnvironment } from './model';
import { clusterSchema } from './pods-schema';
import { mergePorts, parsePort } from './ports';
import { compare, uniqueSorted } from './rules';

/** `environments[].google` as it is written. */
export const googleEnvironmentSchema = z
  .strictObject({
    region: regionField('google'),
    cidr: networkBlock('/12 to /20'),
    project: projectField('The project id.'),
    cluster: clusterSchema('google').optional(),
    ...googleOptionFields,
  })
  .meta({ description: 'This environment on Google Cloud.' });

/** What `environments[].google` holds once the schema accepts it. */
export type GoogleEnvironmentInput = z.infer<typeof googleEnvironmentSchema>;

/** Defaults filled in, lists sorted, blocks in their canonical form; an option that is not there stays away. @param defaultCluster the name of a cluster that is given none */
export function canonicalGoogleEnvironment(input: GoogleEnvironmentInput, defaultCluster: string): GoogleEnvironment {
  const { region, cidr, project, cluster } = input;
  return { cloud: 'google', region, cidr: blockText(cidr), project, ...canonicalCluster(cluster, defaultCluster), ...present(canonicalOptions(input)) };
}

function canonicalOptions(input: GoogleEnvironmentInput): { readonly [Key in keyof GoogleOptions]: GoogleOptions[Key] | undefined } {
  const { serviceAccounts, deny, secureWebProxy: proxy, nat, publishedServices, privateServicesAccess: access, perimeter, accepts, sharedVpc, network, gke, logs } = input;
  return {
    serviceAccounts: serviceAccounts && byKey(serviceAccounts, (account) => account),
    ruleAttributeQuota: input.ruleAttributeQuota,
    deny: deny && { threatLists: [...new Set(deny.threatLists ?? [])].sort(), countries: uniqueSorted(deny.countries ?? []) },
    secureWebProxy: proxy && { segments: uniqueSorted(proxy.segments), certificate: proxy.certificate, port: Number(proxy.port ?? 443) },
    nat: nat && {
      addresses: uniqueSorted(nat.addresses ?? ['a', 'b']), dynamicPorts: nat.dynamicPorts ?? true, minPorts: nat.minPorts ?? 64, maxPorts: nat.maxPorts ?? 4096,
    },
    denyExternalAddresses: input.denyExternalAddresses || undefined,
    // What is the default stays away, so that writing it down changes nothing.
    apis: input.apis === 'restricted' ? undefined : input.apis,
    publishedServices: publishedServices?.map(({ address, ...service }) => ({
      ...service, from: uniqueSorted(service.from), ports: numbers(service.ports), ...present({ address }),
    })).sort((a, b) => compare(a.name, b.name)),
    privateServicesAccess: access && { from: uniqueSorted(access.from), ports: numbers(access.ports) },
    perimeter: perimeter && {
      accessPolicy: perimeter.accessPolicy, enforced: perimeter.enforced, services: uniqueSorted(perimeter.services ?? []), accessLevels: uniqueSorted(perimeter.accessLevels ?? []),
    },
    accepts: accepts?.map(({ from, to, ports }) => ({ from, to: uniqueSorted(to), ports: mergePorts(ports.map(range)) }))
      .sort((a, b) => compare(a.from, b.from) || compare(JSON.stringify(a), JSON.stringify(b))),
    sharedVpc: sharedVpc && { serviceProjects: uniqueSorted(sharedVpc.serviceProjects), subnetUsers: byKey(sharedVpc.subnetUsers ?? {}, uniqueSorted) },
    network: network && { name: network.name, dnsPolicy: network.dnsPolicy ?? true },
    gke: gke?.map(({ segment, pods, services, controlPlane, webhookPorts }) => ({
      segment, pods: blockText(pods), services: blockText(services), webhookPorts: numbers(webhookPorts ?? [8443, 9443, 15017]),
      ...present({ controlPlane: controlPlane === undefined ? undefined : blockText(controlPlane) }),
    })).sort((a, b) => compare(a.segment, b.segment)),
    logs: logs && { retentionDays: logs.retentionDays, locked: logs.locked ?? false },
  };
}

function present<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

function byKey<T, U>(values: Readonly<Record<string, T>>, each: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => compare(a, b)).map(([key, value]) => [key, each(value)]));
}

function numbers(ports: readonly (string | number)[]): readonly number[] {
  return [...new Set(ports.map(Number))].sort((a, b) => a - b);
}

function range(port: string | number) {
  const parsed = parsePort(port);
  if (!parsed.ok) throw new Error(`unchecked port: ${parsed.problem.message}`);
  return parsed.range;
}
