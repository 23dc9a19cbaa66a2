import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { privateApis } from '../../model/google/private-apis';
import { ownNetworks } from '../../model/google/questions';

const DOMAINS = ['gcr.io.', 'googleapis.com.', 'pkg.dev.'];

export const check: Check<GoogleModel> = {
  id: 'endpoint-zone-missing',
  title: 'a domain of Google\'s APIs that leads to the internet',
  severity: 'low',
  why: 'Images and packages live below gcr.io and pkg.dev. A name that no private zone answers leads to a public address, and into the deny.',
  fix: 'Make private zones for googleapis.com, gcr.io and pkg.dev, each with an A record and an alias for *.',
  references: ['https://cloud.google.com/vpc-service-controls/docs/set-up-private-connectivity'],
  comparable: [],
  *run({ model }) {
    for (const network of ownNetworks(model)) {
      const { zones } = privateApis(model, network);
      if (zones.length === 0) continue;
      for (const domain of DOMAINS) {
        const zone = zones.find(({ dnsName }) => dnsName === domain);
        const anchors = zone?.records.filter(({ type }) => type === 'A') ?? [];
        const alias = zone?.records.find(({ name, type }) => name === `*.${domain}` && (type === 'A' || type === 'CNAME'));
        const leadsTo = alias?.type === 'CNAME' ? alias.values.every((value) => anchors.some(({ name }) => name === value)) : alias !== undefined;
        if (!zone) yield { address: network.address, message: `no private zone answers ${domain}` };
        else if (anchors.length === 0 || !leadsTo) yield { address: zone.address, message: `names below ${domain} have no record that leads to the private address` };
      }
    }
  },
};
