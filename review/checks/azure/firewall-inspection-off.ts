import type { AzureCheck } from './azure-check';
import { certainEnvironments } from './planned-environments';
import { flag, text, texts, unknownBlocks } from '../../model/azure/read';
import type { Resource } from '../../plan/resource-graph';

const RULES = 'application_rule_collection';

export const check: AzureCheck = {
  id: 'firewall-inspection-off',
  title: 'firewall that does not look into what the policy says it looks into',
  severity: 'medium',
  why: 'A listed host is as good a place for stolen data as any other, once nobody reads what is sent to it.',
  fix: 'Set intrusion_detection of the firewall policy to the mode that the policy file has, and tls_certificate and terminate_tls where it has tlsInspection.',
  references: ['https://learn.microsoft.com/azure/firewall/premium-features'],
  comparable: [],
  *run(context) {
    const meant = certainEnvironments(context).flatMap(({ firewall }) => firewall ?? []);
    if (meant.length === 0) return;
    const detects = meant.every(({ intrusionDetection }) => intrusionDetection === 'deny') ? ['deny'] : meant.every(({ intrusionDetection }) => intrusionDetection !== undefined) ? ['deny', 'alert'] : undefined;
    const known = new Set(context.policy?.allow.map(({ host }) => host.text));
    const opens = meant.every(({ tlsInspection }) => tlsInspection !== undefined);
    for (const { policies } of context.model.firewalls.values()) {
      const own = policies.at(-1);
      if (!own) continue;
      const { resource, address, groups } = own;
      const mode = text(resource, ['intrusion_detection', 0, 'mode'])?.toLowerCase() ?? 'off';
      if (detects && !detects.includes(mode) && unknownBlocks(resource, 'intrusion_detection') === undefined) yield { address, message: `intrusion detection is ${mode}; the policy says ${detects[0]!}` };
      const passed = [...resource.elements('intrusion_detection[0].traffic_bypass').map((path) => `traffic '${text(resource, [...path, 'name']) ?? 'without a name'}'`), ...resource.elements('intrusion_detection[0].signature_overrides').filter((path) => text(resource, [...path, 'state'])?.toLowerCase() === 'off').map((path) => `signature ${text(resource, [...path, 'id']) ?? 'that is not known'}`)];
      if (detects && passed.length > 0) yield { address, message: `intrusion detection passes over ${passed.join(', ')}; the policy says ${detects[0]!}` };
      if (!opens) continue;
      if (resource.elements('tls_certificate').length === 0 && unknownBlocks(resource, 'tls_certificate') === undefined) yield { address, message: 'it has no tls_certificate to open TLS with, and the policy has tlsInspection' };
      for (const group of groups) for (const rule of unopened(group, known)) yield { address: group.address, message: `rule '${rule}' lets TLS through unopened, and the policy has tlsInspection` };
    }
  },
};

/** Rules that allow a host of the policy file by TLS without a look into it. What a cluster needs is not opened: its clients bring their own trust. */
function unopened(group: Resource, known: ReadonlySet<string>): readonly string[] {
  return group.elements(RULES).filter((path) => text(group, [...path, 'action'])?.toLowerCase() === 'allow').flatMap((collection) => group.elements([...collection, 'rule']).flatMap((rule) => {
    const isTls = group.elements([...rule, 'protocols']).some((path) => text(group, [...path, 'type'])?.toLowerCase() === 'https');
    const isMeant = texts(group, [...rule, 'destination_fqdns']).items.some((host) => known.has(host.toLowerCase()));
    const isOpened = flag(group, [...rule, 'terminate_tls']) === true || group.unknownAt([...rule, 'terminate_tls']) !== undefined;
    return isTls && isMeant && !isOpened ? [text(group, [...rule, 'name']) ?? ''] : [];
  }));
}
