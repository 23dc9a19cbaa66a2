/** Whose TLS a firewall opens, and whether it does so at all. */
import type { Fault, ObservationSubject } from '../observation';
import { referent, within, type Resource } from './resources';

/** A segment whose TLS is opened, on some ports. */
export interface Opened {
  readonly segment: string;
  readonly ports: readonly number[];
}

/** The segments whose TLS is opened. */
export function readInspection({ address, body }: Resource, policy: any, subject: ObservationSubject, faults: Fault[]): readonly Opened[] {
  if (referent(policy.tls_inspection_configuration_arn) !== address) {
    faults.push({ id: 'tls-inspection-unused', where: address, detail: 'no policy refers to it, so nothing is opened' });
    return [];
  }
  const [only] = body.tls_inspection_configuration[0].server_certificate_configuration;
  if (!/^arn:[^:]+:acm:/.test(only.certificate_authority_arn ?? '')) faults.push({ id: 'tls-inspection-authority-missing', where: address, detail: 'outbound traffic cannot be opened' });
  return only.scope.flatMap((scope: any) => {
    const sources: readonly string[] = scope.source.map((each: any) => each.address_definition);
    const segments = subject.segments.filter(({ cidrs }) => cidrs.every((block) => sources.includes(block)));
    const stray = sources.filter((block) => !segments.some(({ cidrs }) => cidrs.some((own) => within(block, own))));
    const everything = scope.destination.some((each: any) => each.address_definition === '0.0.0.0/0');
    const ports = scope.destination_ports.every((each: any) => each.from_port === each.to_port);
    if (stray.length > 0 || !ports) faults.push({ id: 'tls-inspection-scope-wide', where: address, detail: `${stray.join() || 'ranges of ports'}: what is no tls there is dropped unseen` });
    if (!everything || scope.protocols.join() !== '6') faults.push({ id: 'tls-inspection-scope-narrow', where: address, detail: 'a server name may lead past it' });
    return segments.map(({ name }) => ({ segment: name, ports: scope.destination_ports.map((each: any) => each.from_port) }));
  });
}

/** What has to be opened and is not. */
export function unopened(where: string, opened: readonly Opened[], called: readonly { readonly segment: string; readonly protocol: string; readonly ports: readonly number[] }[], { inspected = [] }: ObservationSubject): readonly Fault[] {
  return inspected.flatMap((name) => {
    const own = new Set(opened.filter(({ segment }) => segment === name).flatMap(({ ports }) => ports));
    const missing = [...new Set(called.filter(({ segment, protocol }) => segment === name && protocol === 'tls').flatMap(({ ports }) => ports))].filter((port) => !own.has(port));
    return missing.length > 0 ? [{ id: 'tls-inspection-scope-narrow', where, detail: `${name} is not opened on ${missing.join(', ')}` }] : [];
  });
}
